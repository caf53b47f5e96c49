"""The proof names whatever was deleted, doubled, changed or frozen, within one tick."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, select, update
from sqlalchemy.orm import Session

from scheduler.daemon import Service
from scheduler.demo import LedClock
from scheduler.ledger import runs
from scheduler.ledger.database import reading
from scheduler.ledger.health import health
from scheduler.ledger.proof import Sort, Targets, live_runs, prove
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import ChangeRow, OccurrenceRow, ReceiptRow
from scheduler.settings import read_settings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = "ot-data-1115/2026-2027/only/46"
IMPORT = "skole-off-telling-okt/2026-2027/only/46"
RECEIPT = {"kind": "import", "receiver": "vigo", "reference": "x.json", "detail": {}}


@pytest.fixture
def service(tmp_path):
    settings = read_settings(
        data_dir=tmp_path / "var", database_url="", calendar=ROOT / "calendar.yaml"
    )
    with Service(settings, LedClock(NOW)) as running:
        running.tick()
        yield running


def found(service):
    """(sort, key) of all that does not match."""
    with reading(service.database) as session:
        calendar = current_calendar(session)
        work = service.engine.work(live_runs(session))
        return [
            (f.sort, f.key) for f in prove(session, Targets.of(calendar, NOW), work, NOW).findings
        ]


def changed(service, *statements):
    with Session(service.database) as session, session.begin():
        for statement in statements:
            session.execute(statement)


def corrupted(service, statement):
    """What no code of ours can do: the file changed from outside, its references unchecked."""
    with closing(sqlite3.connect(make_url(service.settings.ledger_url).database)) as connection:
        connection.execute(statement)
        connection.commit()


def ordered(service, *, state="running", ago=timedelta(0)):
    """A run of an import that the engine has not heard of."""
    with Session(service.database) as session, session.begin():
        row = session.get_one(OccurrenceRow, IMPORT)
        number = runs.next_number(session, IMPORT)
        run = runs.request_run(session, row, number, "import-school", {}, "Kari", NOW - ago)
        run.state = state
        return run.id


def test_what_is_as_planned_has_no_findings_and_is_counted(service):
    assert found(service) == []
    with reading(service.database) as session:
        proof = prove(session, Targets.of(current_calendar(session), NOW), {}, NOW)
    assert proof.targets > 2000
    assert (proof.runs, proof.receipts) == (0, 0)


def test_a_deleted_row_is_named_and_planned_again_by_a_new_start(service):
    changed(
        service,
        delete(ChangeRow).where(ChangeRow.occurrence_key == KEY),
        delete(OccurrenceRow).where(OccurrenceRow.key == KEY),
    )
    assert found(service) == [(Sort.MISSING, KEY)]
    service.ticker._seen = None  # as after a start
    service.tick()
    assert found(service) == []


def test_a_row_that_the_calendar_does_not_have_is_named(service):
    name = "key = replace(key, 'ot-data', 'ot-dato'), deliverable = 'ot-dato-1115'"
    corrupted(service, f"UPDATE occurrence SET {name} WHERE key = '{KEY}'")
    assert (Sort.UNKNOWN, "ot-dato-1115/2026-2027/only/46") in found(service)


def test_a_doubled_row_is_named(service):
    with Session(service.database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        values = {c.name: getattr(row, c.name) for c in OccurrenceRow.__table__.columns}
        session.add(OccurrenceRow(**values | {"key": f"{KEY}-2", "stage": "dublett"}))
    assert (Sort.MISNAMED, f"{KEY}-2") in found(service)


def test_a_row_with_another_date_than_the_calendars_is_named(service):
    other = update(OccurrenceRow).where(OccurrenceRow.key == KEY).values(due=date(2026, 12, 24))
    changed(service, other)
    assert found(service) == [(Sort.DIFFERS, KEY)]


def test_done_without_a_receipt_and_a_receipt_without_done_are_named(service):
    done = update(OccurrenceRow).where(OccurrenceRow.key == KEY).values(outcome="done")
    run = ordered(service)
    with Session(service.database) as session, session.begin():
        runs.settle_done(session, run, RECEIPT, NOW)
    assert found(service) == []
    changed(
        service, done, update(OccurrenceRow).where(OccurrenceRow.key == IMPORT).values(outcome=None)
    )
    assert found(service) == [(Sort.UNPROVEN, KEY), (Sort.UNSETTLED, IMPORT)]
    changed(service, delete(ReceiptRow))
    assert (Sort.UNPROVEN, run) in found(service)


def test_a_run_that_the_engine_does_not_know_is_named(service):
    assert found(service) == []
    run = ordered(service)
    assert found(service) == [(Sort.LOST, run)]


def test_a_run_that_is_ordered_and_never_begins_is_named(service):
    run = ordered(service, state="requested", ago=timedelta(minutes=6))
    assert found(service) == [(Sort.FROZEN, run)]


def test_two_live_runs_of_one_occurrence_are_named(service):
    ordered(service)
    second = ordered(service)
    assert (Sort.DOUBLED, second) in found(service)


def test_work_of_the_engine_that_the_ledger_lost_is_named(service):
    with reading(service.database) as session:
        proof = prove(
            session,
            Targets.of(current_calendar(session), NOW),
            {"x/y/z/46#1": "PENDING"},
            NOW,
        )
    assert [(f.sort, f.key) for f in proof.findings] == [(Sort.HOMELESS, "x/y/z/46#1")]


def test_a_run_whose_row_is_gone_is_named(service):
    run = ordered(service, state="failed")
    corrupted(service, "UPDATE run SET occurrence_key = 'borte/2026-2027/only/46'")
    assert found(service) == [(Sort.HOMELESS, run)]


def test_the_next_tick_tells_it_on_the_health_page(service):
    changed(
        service,
        update(OccurrenceRow).where(OccurrenceRow.key == KEY).values(due=date(2026, 12, 24)),
    )
    service.tick()
    with reading(service.database) as session:
        (said,) = health(session, NOW).proof_faults
    assert said.startswith(f"{KEY}: Raden har andre datoer enn kalenderen (due).")
    changed(
        service, update(OccurrenceRow).where(OccurrenceRow.key == KEY).values(due=_due(service))
    )
    service.tick()
    with reading(service.database) as session:
        assert health(session, NOW).proof_faults == ()


def _due(service):
    with reading(service.database) as session:
        return session.scalar(
            select(OccurrenceRow.due).where(OccurrenceRow.key == KEY.replace("/46", "/11"))
        )
