"""Cancelled at a step's boundary, gone again from a step, on both databases; nothing done twice."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.engine.durable import read_steps
from scheduler.engine.steer import steer
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.ledger.runs import LIVE
from scheduler.ledger.tables import OccurrenceRow, RunRow
from tests.databases import never_waiting_long
from tests.scheduler.engine_jobs import STEPS
from tests.scheduler.test_durable import (
    KEY,
    NOW,
    RUN,
    count,
    engine,
    finished,
    order,
    terms,
    wait_for,
)

__all__ = ["engine", "terms"]


def mark(database, state, retry_from=""):
    """What a person's order leaves in the ledger."""
    with Session(database) as session, session.begin():
        run = session.get_one(RunRow, RUN)
        run.state, run.retry_from, run.finished_at, run.reasons = state, retry_from, None, []


def state(database):
    with Session(database) as session:
        return session.get_one(RunRow, RUN).state


def begun(tmp_path, step):
    path = tmp_path / f"begun-{step}"
    return len(path.read_text(encoding="utf-8")) if path.exists() else 0


def steer_until(database, engine, path):
    """Tick as the service does, until a step has begun."""
    until = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} never came"
        steer(database, engine, NOW)
        time.sleep(0.05)


def steered(database, engine):
    """Tick as the service does, until the run is finished."""
    until = time.monotonic() + 30
    while time.monotonic() < until and state(database) in LIVE:
        steer(database, engine, NOW)
        time.sleep(0.05)
    return finished(database)


@pytest.fixture
def held_in(engine, database, tmp_path):
    """A run that is inside a step, and how to let it out."""

    def hold(step):
        (tmp_path / f"hold-{step}").touch()
        engine.submit(order(database, "good"))
        mark(database, "running")
        wait_for(tmp_path / f"holding-{step}")
        return (tmp_path / f"hold-{step}").unlink

    return hold


@pytest.mark.parametrize(("inside", "times"), [("read", [1, 0, 0]), ("write", [1, 1, 1])])
def test_a_cancelled_run_finishes_its_step_and_begins_no_other(
    engine, database, tmp_path, held_in, inside, times
):
    let_out = held_in(inside)
    mark(database, "cancelling")
    steer(database, engine, NOW)
    assert state(database) == "cancelling"
    let_out()
    assert finished(database).state == "cancelled"
    assert [begun(tmp_path, step) for step in STEPS] == times
    with Session(database) as session:
        assert session.get_one(OccurrenceRow, KEY).outcome is None


def test_a_cancelled_run_goes_on_from_the_step_it_was_in(engine, database, tmp_path, held_in):
    let_out = held_in("write")
    mark(database, "cancelling")
    steer(database, engine, NOW)
    let_out()
    assert finished(database).state == "cancelled"
    mark(database, "retrying")
    assert steered(database, engine).state == "done"
    assert [begun(tmp_path, step) for step in STEPS] == [1, 1, 2]
    assert count(database) == 1000


def test_a_run_that_was_never_begun_is_cancelled_at_once_and_may_go_later(
    engine, database, tmp_path
):
    order(database, "good")
    mark(database, "cancelling")
    steer(database, engine, NOW)
    assert finished(database).state == "cancelled"
    mark(database, "retrying")
    assert steered(database, engine).state == "done"


def test_a_run_that_came_to_its_end_first_is_done_and_not_cancelled(engine, database):
    engine.submit(order(database, "good"))
    finished(database)
    with Session(database) as session, session.begin():
        runs.settle_cancelled(session, RUN, NOW)
    steer(database, engine, NOW)
    assert state(database) == "done"


@pytest.fixture
def failed(engine, database, tmp_path):
    """A run whose last step failed: a folder lies where its file should be."""
    folder = tmp_path / "sent" / "46.txt"
    folder.mkdir(parents=True)
    engine.submit(order(database, "good"))
    assert finished(database).state == "failed"
    folder.rmdir()


@pytest.mark.usefixtures("failed")
@pytest.mark.parametrize(
    ("wanted", "times"),
    [("", [1, 1, 2]), ("write", [1, 1, 2]), ("load", [1, 2, 2]), ("read", [2, 2, 2])],
)
def test_a_failed_run_goes_again_from_the_step_that_is_asked_for(
    engine, database, tmp_path, wanted, times
):
    mark(database, "retrying", wanted)
    run = steered(database, engine)
    assert (run.state, run.reasons, run.number) == ("done", [], 1)
    assert [begun(tmp_path, step) for step in STEPS] == times


@pytest.mark.usefixtures("failed")
def test_a_retry_that_a_crash_left_ordered_runs_once(engine, database, tmp_path):
    (tmp_path / "hold-write").touch()
    mark(database, "retrying")
    steer_until(database, engine, tmp_path / "holding-write")
    mark(database, "retrying")  # the engine had it, and our note of that was lost
    steer(database, engine, NOW)
    (tmp_path / "hold-write").unlink()
    assert finished(database).state == "done"
    assert begun(tmp_path, "write") == 2


@pytest.mark.usefixtures("failed")
def test_the_step_that_failed_is_told_apart_from_those_that_did_not(engine):
    wrong = [step.name for step in read_steps(engine.url, RUN) if step.error]
    assert wrong == ["write"]


def test_rows_whose_process_died_before_the_engine_heard_of_them_are_not_loaded_again(
    engine, database, tmp_path, held_in
):
    let_out = held_in("write")
    mark(database, "cancelling")
    steer(database, engine, NOW)
    let_out()
    assert finished(database).state == "cancelled"
    forget_steps_from(engine, STEPS.index("load") + 1)
    mark(database, "retrying")
    assert steered(database, engine).state == "done"
    assert [begun(tmp_path, step) for step in STEPS] == [1, 1, 2]
    assert count(database) == 1000


def forget_steps_from(engine, number):
    """As if the process had been killed right after the commit: the rows' own checkpoint stays."""
    tables = open_database(engine.url)
    schema = "" if tables.dialect.name == "sqlite" else "dbos."
    with tables.begin() as connection:
        forget = f"DELETE FROM {schema}operation_outputs WHERE function_id >= {number}"
        connection.execute(text(forget))
    tables.dispose()


@pytest.mark.usefixtures("failed")
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_only_one_node_carries_out_a_retry(engine, database):
    """Whoever comes second does not even wait; if it did, it would fail here and not hang."""
    mark(database, "retrying")
    never_waiting_long(database)
    with Session(database) as other:
        other.get(RunRow, RUN, with_for_update=True)
        steer(database, engine, NOW)
        assert state(database) == "retrying"
    assert steered(database, engine).state == "done"
