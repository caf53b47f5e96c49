"""The running service names within one tick what was deleted, doubled, frozen or lost."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from scheduler import daemon
from scheduler.daemon import Service
from scheduler.engine.decide import Start, Why
from scheduler.ledger import runs
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.health import health
from scheduler.ledger.tables import ChangeRow, OccurrenceRow, ReceiptRow, RunRow
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.scheduler.engine_jobs import TEST_JOBS
from tests.scheduler.live import wait_until
from tests.scheduler.small import SMALL

# The long run; test_proof.py holds the same rules without a process, and one tick of the service.
pytestmark = pytest.mark.chaos

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = "en-levering/2026-2027/only/46"
RUN = f"{KEY}#1"


@pytest.fixture
def service(tmp_path, empty_database_url, monkeypatch):
    monkeypatch.setattr(daemon, "JOBS", TEST_JOBS)
    (tmp_path / "calendar.yaml").write_text(SMALL, encoding="utf-8")
    settings = read_settings(
        data_dir=tmp_path,
        database_url=empty_database_url.replace("+psycopg", ""),
        calendar=tmp_path / "calendar.yaml",
    )
    with Service(settings, LedClock(NOW)) as running:
        assert findings(running) == {}
        yield running


def findings(service):
    """Sort -> how many, after one more tick."""
    service.tick()
    with reading(service.database) as session:
        counts = health(session, service.clock()).findings
    return {sort: number for sort, number in counts.items() if number}


def told(service):
    with reading(service.database) as session:
        return "\n".join(health(session, service.clock()).proof_faults)


def changed(service, *statements):
    with Session(service.database) as session, session.begin():
        for statement in statements:
            session.execute(statement)


def in_engine(service, statement):
    """Change the engine's own tables, which no code of ours does."""
    url = service.settings.engine_url
    prefix = "" if url.startswith("sqlite") else "dbos."
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text(statement.format(f"{prefix}workflow_status")))
    engine.dispose()


def ran(service, job):
    """Let the engine run a job of the occurrence to its end."""
    order(service, job)
    service.tick()
    wait_until(lambda: run_of(service).finished_at is not None)


def order(service, job):
    with Session(service.database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        runs.request_run(session, row, 1, job, {}, "Kari", service.clock())


def run_of(service):
    with Session(service.database) as session:
        return session.get_one(RunRow, RUN)


def test_a_deleted_row(service, caplog):
    mine = ChangeRow.occurrence_key == KEY
    changed(
        service,
        delete(ChangeRow).where(mine),
        delete(OccurrenceRow).where(OccurrenceRow.key == KEY),
    )
    assert findings(service) == {"missing": 1}
    assert findings(service) == {"missing": 1}
    lines = [r for r in caplog.records if r.levelno == logging.WARNING and KEY in r.getMessage()]
    assert len(lines) == 1


def test_a_doubled_row(service):
    with Session(service.database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        values = {c.name: getattr(row, c.name) for c in OccurrenceRow.__table__.columns}
        session.add(OccurrenceRow(**values | {"key": f"{KEY}-2", "stage": "Only"}))
    assert findings(service) == {"misnamed": 1, "unknown": 1}
    assert f"{KEY}-2" in told(service)


def test_a_dropped_receipt(service):
    ran(service, "good")
    assert findings(service) == {}
    changed(service, delete(ReceiptRow))
    assert findings(service) == {"unproven": 2}  # the occurrence and its run


def test_a_receipt_of_what_was_waived_and_is_open_again_is_no_finding(service):
    with Session(service.database) as session, session.begin():
        runs.waive(session, KEY, "Kari", "Slutt", NOW)
    ran(service, "good")
    service.clock.now += timedelta(seconds=15)
    with Session(service.database) as session, session.begin():
        runs.unwaive(session, KEY, "Kari", "Likevel", service.clock())
    assert findings(service) == {}


def test_a_run_that_the_engine_has_ended_and_then_lost(service):
    ran(service, "refusing")
    wait_until(lambda: service.engine.work([RUN])[RUN] == "SUCCESS")
    changed(service, update(RunRow).values(state="running", finished_at=None))
    assert findings(service) == {"frozen": 1}
    in_engine(service, "DELETE FROM {}")
    assert findings(service) == {"lost": 1}
    assert "aarshjul cancel" in told(service)


def test_a_run_that_the_ledger_has_ended_and_the_engine_has_not(service, tmp_path):
    (tmp_path / "hold-read").touch()
    order(service, "good")
    assert findings(service) == {}
    wait_until((tmp_path / "holding-read").exists)
    changed(service, update(RunRow).values(state="failed", finished_at=NOW))
    assert findings(service) == {}  # the engine is told at once after the ledger
    service.clock.now += timedelta(minutes=6)
    assert findings(service) == {"frozen": 1}
    (tmp_path / "hold-read").unlink()
    wait_until(lambda: run_of(service).state == "done")


def test_a_run_that_does_not_come_to_its_end(service, tmp_path):
    (tmp_path / "hold-read").touch()
    order(service, "good")
    service.clock.now += timedelta(hours=2)
    assert findings(service) == {}
    service.clock.now += timedelta(seconds=1)
    assert findings(service) == {"frozen": 1}
    (tmp_path / "hold-read").unlink()
    wait_until(lambda: run_of(service).state == "done")
    assert findings(service) == {}


def test_an_occurrence_that_should_have_started_and_was_not_ordered(service, monkeypatch):
    due = [Start(KEY, 1, {}, Why.DUE)]
    monkeypatch.setattr("scheduler.engine.starting.decide", lambda _now, _candidates: due)
    monkeypatch.setattr(service.ticker.starter, "_request", lambda *_words: False)
    assert findings(service) == {"frozen": 1}
    assert told(service).startswith(f"{KEY}: Skulle ha startet")


def test_a_run_in_a_state_that_is_none(service):
    order(service, "good")
    changed(service, update(RunRow).values(state="frosset"))
    assert findings(service) == {"frozen": 1}


def test_the_first_tick_of_a_day_also_reads_what_the_versions_left(service):
    last_year = "en-levering/2025-2026/only/46"
    with Session(service.database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        values = {c.name: getattr(row, c.name) for c in OccurrenceRow.__table__.columns}
        old = values | {"key": last_year, "cycle": "2025-2026", "due": date(2025, 10, 1)}
        session.add(OccurrenceRow(**old))
        session.flush()
        change = session.query(ChangeRow).filter_by(occurrence_key=KEY).one()
        copied = {"version": 1, "at": NOW, "kind": "added", "announced": False, "words": []}
        session.add(ChangeRow(**copied, occurrence_key=last_year, after=change.after))
    assert findings(service) == {}
    service.clock.now += timedelta(days=1)
    assert findings(service) == {"differs": 1}
    assert "versjon 1" in told(service)
    changed(
        service,
        update(OccurrenceRow).where(OccurrenceRow.key == last_year).values(due=values["due"]),
    )
    assert findings(service) == {}


def test_a_row_withdrawn_by_nobody(service):
    gone = update(OccurrenceRow).where(OccurrenceRow.key == KEY)
    changed(service, gone.values(outcome="withdrawn", outcome_at=NOW))
    assert findings(service) == {"differs": 1}


def test_a_proof_that_fails_stops_no_tick_and_is_told(service, monkeypatch):
    monkeypatch.setattr(service.ticker.prover, "work", lambda _runs: 1 / 0)
    assert findings(service) == {"unproved": 1}
    assert "ZeroDivisionError" in told(service)
