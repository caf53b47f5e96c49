"""The durable engine: steps once each, refusals recorded, crashes resumed, on both databases."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs.api import Limits
from jobs.channels.files import NoRoom
from scheduler.calendar.policy import Policy
from scheduler.engine.durable import DurableEngine, read_steps
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.terms import Terms
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow
from scheduler.schema import upgrade
from tests.scheduler.engine_jobs import STEPS, TEST_JOBS
from tests.scheduler.live import running

NOW = datetime(2026, 10, 23, 4, 0, tzinfo=UTC)
KEY = "stat-test/2026-2027/only/46"
RUN = f"{KEY}#1"


def add_occurrence(session, key=KEY):
    deliverable, cycle, stage, scope = key.split("/")
    row = OccurrenceRow(
        key=key,
        deliverable=deliverable,
        cycle=cycle,
        stage=stage,
        scope=scope,
        nominal=date(2026, 10, 24),
        due=date(2026, 10, 23),
        date_status="proposed",
        trace=[],
        fingerprint="",
        sequence=0,
        changed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def order(database, job, key=KEY, number=1):
    with Session(database) as session, session.begin():
        row = session.get(OccurrenceRow, key) or add_occurrence(session, key)
        return runs.request_run(session, row, number, job, {}, "test", NOW).order


def hasty(_deliverable):
    """Terms that make a test wait no longer than it must."""
    return Terms(Policy(attempts=3, first_wait=0.01))


@pytest.fixture
def terms():
    return hasty


@pytest.fixture
def engine(database, tmp_path, terms):
    url = database.url.render_as_string(hide_password=False)
    engine_url = f"sqlite:///{tmp_path / 'engine.db'}" if "sqlite" in url else url
    durable = DurableEngine(
        engine_url.replace("+psycopg", ""),
        "test-node",
        4,
        RuntimeParts(database, tmp_path, TEST_JOBS, lambda: NOW, Limits(), terms=terms),
    )
    durable.start()
    durable.url = engine_url.replace("+psycopg", "")
    yield durable
    durable.stop()


def finished(database, run_id=RUN, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with Session(database) as session:
            run = session.get_one(RunRow, run_id)
            if run.finished_at is not None:
                return run
        time.sleep(0.05)
    raise AssertionError(f"{run_id} did not finish: {run.state}")


def recorded_steps(engine, run_id=RUN, seconds=30):
    """Names of the run's steps; the engine records the last one after our ledger has the outcome."""
    until = time.monotonic() + seconds
    while True:
        names = [step.name for step in read_steps(engine.url, run_id)]
        if names[-1:] == ["settle"] or time.monotonic() > until:
            return names
        time.sleep(0.05)


def count(database, table="loaded"):
    with database.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def test_a_run_goes_through_its_steps_and_its_receipt_makes_the_occurrence_done(
    engine, database, tmp_path
):
    engine.submit(order(database, "good"))
    assert finished(database).state == "done"
    with Session(database) as session:
        row = session.get_one(OccurrenceRow, KEY)
        assert (row.outcome, row.outcome_at) == ("done", NOW)
        assert session.get_one(ReceiptRow, RUN).detail == {"rows": 1000}
    assert recorded_steps(engine) == [*STEPS, "settle"]
    assert count(database) == 1000


def test_a_second_submission_of_a_run_changes_nothing(engine, database, tmp_path):
    first = order(database, "good")
    for _ in range(5):
        engine.submit(first)
    finished(database)
    engine.submit(first)
    time.sleep(0.7)
    assert count(database) == 1000
    assert (tmp_path / "begun-load").read_text() == "x"


def test_a_refusal_is_recorded_in_its_own_words_and_leaves_no_rows(engine, database):
    engine.submit(order(database, "refusing"))
    run = finished(database)
    assert run.state == "refused"
    assert run.reasons == ["Raden på linje 3 mangler dato.", "Rett den og lever på nytt."]
    with Session(database) as session:
        assert session.get_one(OccurrenceRow, KEY).outcome is None
        session.execute(text("CREATE TABLE IF NOT EXISTS loaded (n integer)"))
        assert session.scalar(text("SELECT count(*) FROM loaded")) == 0


def test_a_failed_step_names_the_step_and_no_person(engine, database):
    engine.submit(order(database, "breaking"))
    run = finished(database)
    assert run.state == "failed"
    assert run.reasons == ["Steget «Ryk» feilet: ValueError: person <nummer fjernet> is broken"]


def test_a_conflict_with_another_transaction_is_tried_again(engine, database, tmp_path):
    engine.submit(order(database, "conflicting"))
    assert finished(database).state == "done"
    assert (tmp_path / "begun-conflict").read_text() == "xx"


def test_a_data_step_that_was_away_once_goes_on(engine, database, tmp_path):
    engine.submit(order(database, "passing"))
    assert finished(database).state == "done"
    assert (tmp_path / "begun-passing").read_text() == "xx"


def test_a_full_disk_is_named_with_its_folder(engine, database):
    engine.submit(order(database, "full"))
    assert finished(database).reasons == [f"Steget «Skriv» feilet: {NoRoom(Path('utboks'))}"]


def test_an_unknown_job_fails_visibly(engine, database):
    engine.submit(order(database, "gone"))
    assert finished(database).reasons == ["Jobben «gone» er ukjent i denne versjonen."]


def test_the_engine_stores_json_and_never_a_pickle(engine, database):
    engine.submit(order(database, "good"))
    finished(database)
    stored = open_database(engine.url)
    prefix = "" if "sqlite" in engine.url else "dbos."
    with stored.connect() as connection:
        formats = connection.execute(
            text(f"SELECT DISTINCT serialization FROM {prefix}workflow_status")
        ).scalars()
        assert set(formats) == {"portable_json"}
    stored.dispose()


def worker(folder):
    return running("tests.scheduler.engine_jobs", str(folder))


def wait_for(path, seconds=40):
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.02)


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_inside_a_step_finishes_the_same_run_after_restart(
    step, tmp_path, empty_sqlite_url, monkeypatch
):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", empty_sqlite_url)
    database = open_database(empty_sqlite_url)
    upgrade(database)
    order(database, "good")
    (tmp_path / f"hold-{step}").touch()
    with worker(tmp_path) as first:
        wait_for(tmp_path / f"holding-{step}")
        first.kill()
    (tmp_path / f"hold-{step}").unlink()
    with worker(tmp_path):
        run = finished(database, seconds=40)
    assert (run.id, run.state) == (RUN, "done")
    assert count(database) == 1000
    assert count(database, "run") == count(database, "receipt") == 1
    begun = {name: len((tmp_path / f"begun-{name}").read_text()) for name in STEPS}
    assert begun == {name: 2 if name == step else 1 for name in STEPS}
    database.dispose()
