"""The proof names whatever was deleted, doubled, changed or frozen, within one tick."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from scheduler.daemon import Service
from scheduler.ledger import runs
from scheduler.ledger.database import reading
from scheduler.ledger.health import health
from scheduler.ledger.proof import Sort, Targets, live_runs, prove
from scheduler.ledger.tables import ChangeRow, OccurrenceRow, ReceiptRow
from scheduler.ledger.version_proof import LastVersions
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.scheduler.small import EARLIER, SMALL, calendar_of, published

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = "en-levering/2026-2027/only/46"
IMPORT = "en-import/2026-2027/only/46"
RECEIPT = {"kind": "import", "receiver": "vigo", "reference": "x.json", "detail": {}}
OTHER_DATE = update(OccurrenceRow).where(OccurrenceRow.key == KEY).values(due=date(2026, 12, 24))
TARGETS = Targets.of(calendar_of(SMALL), NOW)


@pytest.fixture
def ledger(database):
    """A ledger with the small calendar planned."""
    published(database, now=NOW)
    return database


def found(database, engine=None):
    """(sort, key) of all that does not match; without engine it works on what the ledger says."""
    with Session(database) as session:
        work = dict.fromkeys(live_runs(session), "PENDING") if engine is None else engine
        return [(each.sort, each.key) for each in prove(session, TARGETS, work, NOW).findings]


def changed(database, *statements):
    with Session(database) as session, session.begin():
        for statement in statements:
            session.execute(statement)


def corrupted(database, statement):
    """What no code of ours can do: rows changed from outside, their references unchecked."""
    if database.dialect.name == "sqlite":
        with closing(sqlite3.connect(database.url.database)) as connection:
            connection.execute(statement)
            connection.commit()
        return
    with database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))


def ordered(database, *, state="running", ago=timedelta(0)):
    with Session(database) as session, session.begin():
        row = session.get_one(OccurrenceRow, IMPORT)
        number = runs.next_number(session, IMPORT)
        run = runs.request_run(session, row, number, "import-school", {}, "Kari", NOW - ago)
        run.state = state
        return run.id


def test_what_is_as_planned_has_no_findings_and_is_counted(ledger):
    assert found(ledger) == []
    with Session(ledger) as session:
        proof = prove(session, TARGETS, {}, NOW)
    assert (proof.targets, proof.runs, proof.receipts) == (8, 0, 0)


def test_what_the_versions_left_is_read_again_when_there_are_other_changes(ledger):
    versions = LastVersions()
    with Session(ledger) as session:
        first = versions(session)
        assert versions(session) is first
    published(ledger, EARLIER, now=NOW)
    with Session(ledger) as session:
        assert versions(session)[IMPORT][1].due == date(2026, 10, 8)
    changed(ledger, delete(ChangeRow).where(ChangeRow.occurrence_key == KEY))
    with Session(ledger) as session:
        assert KEY not in versions(session)


def test_a_deleted_row_is_named_and_planned_again(ledger):
    changes = delete(ChangeRow).where(ChangeRow.occurrence_key == KEY)
    changed(ledger, changes, delete(OccurrenceRow).where(OccurrenceRow.key == KEY))
    assert found(ledger) == [(Sort.MISSING, KEY)]
    published(ledger, now=NOW)
    assert found(ledger) == []


def test_a_row_that_the_calendar_does_not_have_is_named(ledger):
    name = "key = replace(key, 'en-levering', 'en-annen'), deliverable = 'en-annen'"
    corrupted(ledger, f"UPDATE occurrence SET {name} WHERE key = '{KEY}'")
    assert found(ledger) == [
        (Sort.MISSING, KEY),
        (Sort.UNKNOWN, "en-annen/2026-2027/only/46"),
    ]


def test_a_doubled_row_is_named(ledger):
    with Session(ledger) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        values = {c.name: getattr(row, c.name) for c in OccurrenceRow.__table__.columns}
        session.add(OccurrenceRow(**values | {"key": f"{KEY}-2", "stage": "dublett"}))
    assert (Sort.MISNAMED, f"{KEY}-2") in found(ledger)


def test_a_row_with_another_date_than_the_calendars_is_named(ledger):
    changed(ledger, OTHER_DATE)
    assert found(ledger) == [(Sort.DIFFERS, KEY)]


def test_done_without_a_receipt_and_a_receipt_without_done_are_named(ledger):
    run = ordered(ledger)
    with Session(ledger) as session, session.begin():
        runs.settle_done(session, run, RECEIPT, NOW)
    assert found(ledger) == []
    for key, outcome in ((KEY, "done"), (IMPORT, None)):
        changed(
            ledger, update(OccurrenceRow).where(OccurrenceRow.key == key).values(outcome=outcome)
        )
    assert found(ledger) == [(Sort.UNPROVEN, KEY), (Sort.UNSETTLED, IMPORT)]
    changed(ledger, delete(ReceiptRow))
    assert (Sort.UNPROVEN, run) in found(ledger)


def test_a_run_that_the_engine_does_not_know_is_named(ledger):
    run = ordered(ledger)
    assert found(ledger) == []
    assert found(ledger, {run: None}) == [(Sort.LOST, run)]


def test_a_run_that_the_engine_has_finished_and_the_ledger_has_not_is_named(ledger):
    run = ordered(ledger)
    assert found(ledger, {run: "SUCCESS"}) == [(Sort.FROZEN, run)]


@pytest.mark.parametrize(("minutes", "named"), [(4, False), (6, True)])
def test_a_run_that_is_ordered_and_never_begins_is_named(ledger, minutes, named):
    run = ordered(ledger, state="requested", ago=timedelta(minutes=minutes))
    assert found(ledger, {}) == ([(Sort.FROZEN, run)] if named else [])


def test_two_live_runs_of_one_occurrence_are_named(ledger):
    first, second = ordered(ledger), ordered(ledger)
    assert found(ledger) in ([(Sort.DOUBLED, first)], [(Sort.DOUBLED, second)])


def test_work_of_the_engine_that_the_ledger_lost_is_named(ledger):
    assert found(ledger, {"x/y/z/46#1": "PENDING"}) == [(Sort.HOMELESS, "x/y/z/46#1")]


def test_a_run_whose_row_is_gone_is_named(ledger):
    run = ordered(ledger, state="failed")
    corrupted(ledger, "UPDATE run SET occurrence_key = 'borte/2026-2027/only/46'")
    assert found(ledger) == [(Sort.HOMELESS, run)]


def test_the_next_tick_tells_it_on_the_health_page_until_it_is_mended(tmp_path):
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(SMALL, encoding="utf-8")
    settings = read_settings(data_dir=tmp_path / "var", database_url="", calendar=calendar)
    with Service(settings, LedClock(NOW)) as service:
        service.tick()
        with reading(service.database) as session:
            due = session.scalar(select(OccurrenceRow.due).where(OccurrenceRow.key == KEY))
        changed(service.database, OTHER_DATE)
        assert told(service)[0].startswith(f"{KEY}: Raden har andre datoer enn kalenderen (due).")
        changed(service.database, OTHER_DATE.values(due=due))
        assert told(service) == ()


def told(service):
    service.tick()
    with reading(service.database) as session:
        return health(session, NOW).proof_faults
