"""Taking over in one process: the earlier execution is refused, and what kills nodes is set aside."""

import time

import pytest
from dbos import DBOS
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from jobs.api import Limits
from scheduler.engine import durable
from scheduler.engine.durable.handing import claimed_by, left_by
from scheduler.engine.pulse import Pulse
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.take_over import TakeOver
from scheduler.engine.terms import SUSPECTS
from scheduler.ledger import nodes, rehearsals, take_overs
from scheduler.ledger.database import open_database
from scheduler.ledger.runs import settle_undone
from scheduler.ledger.tables import NodeRow, OccurrenceRow, RunRow
from scheduler.ledger.take_overs import MOST_IN_ONE_STEP, Died, Fate, TakeOverRow
from tests.scheduler import live
from tests.scheduler.engine_jobs import STEPS, TEST_JOBS
from tests.scheduler.test_durable import (
    KEY,
    NOW,
    RUN,
    engine,
    finished,
    order,
    terms,
)
from tests.scheduler.test_steer import begun

__all__ = ["engine", "terms"]

OTHER = "stat-test/2026-2027/only/50"
ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def take_over(database, folder):
    return TakeOver(RuntimeParts(database, folder, TEST_JOBS, lambda: NOW, Limits()), "heir")


@pytest.fixture
def calm(engine):
    """The engine, stopped only when every execution has come to its end, also those that were followed."""
    yield engine
    live.wait_until(lambda: not durable._executing)


@ON_POSTGRES
def test_the_transaction_of_an_execution_that_was_followed_is_refused(calm, database, tmp_path):
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE loaded (n integer)"))
    (tmp_path / "hold-load").touch()
    calm.submit(order(database, "good"))
    live.wait_until(lambda: begun(tmp_path, "load") == 1)
    take_over(database, tmp_path).succeed(DBOS, "test-node", died=False)
    live.wait_until(lambda: begun(tmp_path, "load") == 2)
    (tmp_path / "hold-load").unlink()
    assert finished(database).state == "done"
    assert [begun(tmp_path, step) for step in STEPS] == [1, 2, 1]
    assert live.count(database, "loaded") == 1000
    assert live.count(database, "receipt") == 1


@ON_POSTGRES
def test_a_file_of_an_execution_that_was_followed_is_not_put_in_place(calm, database, tmp_path):
    """The first execution stands before its effect when it is told that the run goes on no more."""
    (tmp_path / "hold-write").touch()
    calm.submit(order(database, "good"))
    live.wait_until(lambda: begun(tmp_path, "write") == 1)
    DBOS.cancel_workflow(RUN)
    (tmp_path / "hold-write").unlink()
    live.wait_until(lambda: RUN not in calm.executing)
    assert not list((tmp_path / "sent").iterdir())


@ON_POSTGRES
def test_runs_that_died_twice_together_go_on_one_by_one(calm, database, tmp_path):
    (tmp_path / "hold-read").touch()
    for key in (KEY, OTHER):
        calm.submit(order(database, "good", key))
    for times in (2, 4):
        live.wait_until(lambda times=times: begun(tmp_path, "read") == times)
        take_over(database, tmp_path).succeed(DBOS, "test-node", died=True)
    live.wait_until(lambda: begun(tmp_path, "read") == 5)
    assert claimed_by(DBOS, ["test-node"]) == {RUN: SUSPECTS.name}
    (tmp_path / "hold-read").unlink()
    live.wait_until(lambda: live.run_states(database) == ["done"] * 2)
    assert (begun(tmp_path, "read"), begun(tmp_path, "load")) == (6, 2)
    assert live.count(database, "receipt") == 2


@ON_POSTGRES
def test_a_run_that_dies_again_and_again_in_a_step_is_set_aside_and_the_others_go_on(
    calm, database, tmp_path
):
    (tmp_path / "hold-read").touch()
    calm.submit(order(database, "good"))
    calm.submit(order(database, "conflicting", OTHER))
    live.wait_until(lambda: begun(tmp_path, "read") == 1)
    with Session(database) as session, session.begin():
        for _ in range(MOST_IN_ONE_STEP):
            note(session, "read")
    take_over(database, tmp_path).succeed(DBOS, "test-node", died=True)
    run = finished(database)
    assert (run.state, len(run.reasons)) == ("failed", 1)
    assert run.reasons[0].startswith("Prosessen døde 4 ganger i steget «Les».")
    assert finished(database, f"{OTHER}#1").state == "done"
    # The ledger has a run's end a moment before the engine has.
    live.wait_until(lambda: calm.work([f"{OTHER}#1"])[f"{OTHER}#1"] == "SUCCESS")
    (tmp_path / "hold-read").unlink()
    assert not left_by(DBOS, ["test-node"])

    live.wait_until(lambda: calm.retry(run.order, ""))
    live.wait_until(lambda: live.count(database, "receipt") == 2)
    assert [begun(tmp_path, step) for step in STEPS] == [2, 1, 1]


def note(session, step, run=RUN):
    return take_overs.note(session, Died(run, "node-1", step, step), "node-2", NOW)


@pytest.fixture
def run_there(database):
    order(database, "good")
    with Session(database) as session, session.begin():
        yield session


def test_deaths_are_counted_by_step(run_there):
    fates = [Fate.GOES_ON, Fate.GOES_ON_ALONE, Fate.GOES_ON_ALONE]
    for step in STEPS:
        assert [note(run_there, step) for _ in range(MOST_IN_ONE_STEP)] == fates
    assert note(run_there, "write") is Fate.GIVEN_UP
    assert run_there.get(RunRow, RUN).state == "failed"
    assert note(run_there, "write") is Fate.GIVEN_UP, "whoever noted it did not tell the engine"
    run_there.get(RunRow, RUN).state = "running"
    assert [note(run_there, "write") for _ in range(MOST_IN_ONE_STEP)] == fates
    assert note(run_there, "write") is Fate.GIVEN_UP


def test_a_rehearsal_whose_process_died_is_given_up_until_tomorrow(run_there):
    row = run_there.get_one(OccurrenceRow, KEY)
    made = rehearsals.request(run_there, row, 30, 1, "good", NOW)
    assert {note(run_there, "", made.id) for _ in range(2)} == {Fate.GIVEN_UP}
    assert (made.state, made.tried[0]["reasons"]) == ("failed", [take_overs.DIED])
    made.state = "passed"
    assert note(run_there, "", made.id) is Fate.GOES_ON
    assert not run_there.scalars(select(TakeOverRow)).all()


def test_a_database_that_does_not_answer_is_not_taken_for_an_engine_without_tables():
    class Library:
        def __init__(self, error):
            self.error = error

        def list_workflows(self, **_wanted):
            raise self.error("SELECT", {}, Exception("no answer"))

    assert left_by(Library(ProgrammingError), ["node-1"]) == []
    with pytest.raises(OperationalError):
        left_by(Library(OperationalError), ["node-1"])


def test_what_is_settled_already_is_only_ended(run_there):
    settle_undone(run_there, RUN, "refused", ["Rett den."], NOW)
    assert {note(run_there, "settle") for _ in range(9)} == {Fate.GOES_ON}
    run_there.get(RunRow, RUN).state = "cancelled"
    assert note(run_there, "read") is Fate.GIVEN_UP, "a person has stopped it"
    unknown = note(run_there, "read", f"{KEY}#7")
    assert unknown is Fate.GOES_ON, "a run that the ledger does not know"
    assert not run_there.scalars(select(TakeOverRow)).all()


def test_only_who_has_beaten_all_the_while_may_judge(postgres_url):
    database = open_database(postgres_url)
    patient, quick = Pulse(database, "node-1", 600), Pulse(database, "node-2", 0.2)
    for pulse in (patient, quick):
        pulse.begin()

    def steady():
        quick.beat()
        patient.beat()
        return quick.steady

    live.wait_until(steady)
    assert not patient.steady
    time.sleep(0.2)
    assert not quick.steady
    quick.beat()
    assert not quick.steady, "a gap is a time when it knew nothing of the others"
    for pulse in (patient, quick):
        pulse.end()
    database.dispose()


def test_a_silent_node_s_sessions_are_ended_and_no_others(postgres_url):
    def opened(node):
        database = open_database(postgres_url, session_name=nodes.session_name(node))
        return database, database.connect()

    (one, silent), (two, living), (three, judge) = map(opened, ("node-1", "node-10", "node-2"))
    with Session(three) as session, session.begin():
        for name in ("node-1", "node-10"):
            assert nodes.register(session, name, NOW, 10)
        old = update(NodeRow).where(NodeRow.name == "node-1")
        session.execute(old.values(beat_at=text("now() - interval '11 seconds'")))
    judge.execution_options(isolation_level="AUTOCOMMIT")
    assert nodes.away(judge) == {"node-1": False}
    assert nodes.cut_off(judge, "node-10") == 0
    assert nodes.cut_off(judge, "node-1") == 1
    assert living.scalar(text("SELECT 1")) == 1
    assert not answers(silent)
    for database, connection in ((one, silent), (two, living), (three, judge)):
        connection.close()
        database.dispose()


def answers(connection):
    try:
        return connection.scalar(text("SELECT 1"))
    except OperationalError:
        return None


def test_a_process_that_begins_is_told_whether_the_one_before_it_ended_in_order(database):
    def begins():
        with Session(database) as session, session.begin():
            return nodes.register(session, "node-1", NOW, None)

    assert begins(), "nobody was before it"
    assert not begins()
    with Session(database) as session, session.begin():
        nodes.note_stopped(session, "node-1")
    assert begins()
    with Session(database) as session:
        assert session.get(NodeRow, "node-1").stopped_at is None


def test_two_runs_of_an_occurrence_are_counted_apart(database):
    for number in (1, 2):
        order(database, "good", KEY, number)
    with Session(database) as session, session.begin():
        assert note(session, "read") is Fate.GOES_ON
        assert take_overs.counts(session) == {RUN: 1}
        assert take_overs.counts(session, [f"{KEY}#2"]) == {}
