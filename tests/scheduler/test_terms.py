"""The terms of a run: what may pass is tried again, what goes on for too long is stopped, queues."""

import errno
import time

import pytest
from dbos import DBOS
from sqlalchemy.exc import OperationalError

from jobs.api import Refusal
from scheduler.calendar.policy import Policy
from scheduler.engine.answers import PassingError, StepFailedError, answer, may_pass
from scheduler.engine.durable import queueing
from scheduler.engine.steer import steer
from scheduler.engine.terms import Queue, Terms, terms_in_use, terms_of
from scheduler.ledger.database import open_database
from tests.jobs.running import order as job_order
from tests.scheduler.engine_jobs import GOOD
from tests.scheduler.live import wait_until
from tests.scheduler.small import SMALL, calendar_of, published
from tests.scheduler.test_durable import (
    KEY,
    NOW,
    RUN,
    engine,
    finished,
    hasty,
    order,
    terms,
    wait_for,
)
from tests.scheduler.test_steer import begun, mark, state, steered

__all__ = ["engine", "terms"]

DELIVERING = SMALL.replace(
    "    evidence: {label: S+P}\n    description: En levering.\n",
    "    reference_date: 1. oktober\n    job: deliver-ssbelev\n    policy: {attempts: 3, minutes: 20}\n"
    "    evidence: {label: S+P}\n    description: En levering.\n",
).replace("udir: {name: Udir}", "udir: {name: Udir, at_once: 3}")


@pytest.fixture
def database(sqlite_url):
    opened = open_database(sqlite_url)
    yield opened
    opened.dispose()


LOCKED = OperationalError("x", {}, Exception("database is locked"))
BROKEN = OperationalError("x", {}, Exception("no such table: person"))


@pytest.mark.parametrize(
    ("raised", "passes"),
    [
        (OSError(errno.EIO, "I/O error"), True),
        (OSError(errno.ENOSPC, "No space"), True),
        (ConnectionResetError("reset"), True),
        (TimeoutError("late"), True),
        (LOCKED, True),
        (BROKEN, False),
        (FileNotFoundError(2, "gone"), False),
        (PermissionError(13, "no"), False),
        (ValueError("bad data"), False),
        (KeyError("a bug"), False),
    ],
)
def test_what_may_pass_is_told_from_what_will_not(raised, passes):
    def body():
        raise raised

    with pytest.raises((StepFailedError, OperationalError)) as said:
        answer(body, job_order(GOOD, "stat-test"), "read")
    assert may_pass(said.value) is passes
    assert isinstance(said.value, PassingError) is (passes and raised is not LOCKED)


def test_a_refusal_is_an_answer_and_nothing_to_try_again():
    def body():
        raise Refusal("Rett filen.")

    assert answer(body, job_order(GOOD, "stat-test"), "read") == {"__refused__": ["Rett filen."]}


@pytest.mark.parametrize(
    ("job", "times"), [("away", 3), ("away-data", 3), ("missing", 1), ("full", 1)]
)
def test_a_step_is_tried_as_often_as_its_row_says_and_only_when_it_may_pass(
    engine, database, tmp_path, job, times
):
    engine.submit(order(database, job))
    assert finished(database).state == "failed"
    assert begun(tmp_path, job.removesuffix("-data")) == times


class TestOverTime:
    """A limit of a second and a half, and a run that stands in its first step."""

    @pytest.fixture
    def terms(self):
        short = Policy.model_construct(**Policy().model_dump() | {"minutes": 0.025})
        return lambda _deliverable: Terms(short)

    def test_it_stops_before_its_next_step_and_says_so(self, engine, database, tmp_path):
        (tmp_path / "hold-read").touch()
        engine.submit(order(database, "good"))
        mark(database, "running")
        wait_for(tmp_path / "holding-read")
        until = time.monotonic() + 30
        while engine.work([RUN])[RUN] != "CANCELLED":
            assert time.monotonic() < until, "the engine never stopped it"
            time.sleep(0.05)
        steer(database, engine, NOW)
        assert state(database) == "running"  # it is inside its step, which is finished first
        (tmp_path / "hold-read").unlink()
        run = steered(database, engine)
        assert run.state == "failed"
        assert run.reasons[0].startswith("Kjøringen varte lenger enn grensen på 0.025 minutter")
        assert [begun(tmp_path, step) for step in ("read", "load")] == [1, 0]
        mark(database, "retrying")
        assert steered(database, engine).state == "done"


def test_a_person_who_cancels_is_no_time_limit(engine, database, tmp_path):
    (tmp_path / "hold-read").touch()
    engine.submit(order(database, "good"))
    mark(database, "running")
    wait_for(tmp_path / "holding-read")
    mark(database, "cancelling")
    steer(database, engine, NOW)
    assert engine.over_time(RUN) is None
    (tmp_path / "hold-read").unlink()
    assert steered(database, engine).state == "cancelled"


def test_the_terms_of_a_row_are_those_of_the_calendar_in_use(database):
    calendar = calendar_of(DELIVERING)
    assert terms_in_use(database)("en-levering") == Terms()
    published(database, DELIVERING)
    found = terms_in_use(database)("en-levering")
    assert found == terms_of(calendar, "en-levering")
    assert (found.policy.attempts, found.seconds) == (3, 1200)
    assert found.queue == Queue("to-udir", 3)
    assert terms_of(calendar, "en-import") == Terms()
    assert terms_of(calendar, "gone") == Terms()


def test_nobody_can_read_the_terms_and_the_standard_holds(tmp_path):
    nothing = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert terms_in_use(nothing)("en-levering") == Terms()
    nothing.dispose()


class TestQueues:
    """Two at a time to one receiver, however many are due; an import does not stand behind them."""

    @pytest.fixture
    def terms(self):
        def of(deliverable):
            return Terms(queue=Queue("to-ssb", 2)) if deliverable.startswith("stat") else hasty("")

        return of

    def test_no_more_than_its_number_go_to_one_receiver_and_an_import_passes_them(
        self, engine, database, tmp_path
    ):
        (tmp_path / "hold-read").touch()
        for number in range(1, 6):
            engine.submit(order(database, "good", KEY, number))
        engine.submit(order(database, "conflicting", "skole-x/2026-2027/only/46"))
        assert finished(database, "skole-x/2026-2027/only/46#1").state == "done"
        wait_until(lambda: begun(tmp_path, "read") == 2)
        states = [engine.work([])[f"{KEY}#{number}"] for number in range(1, 6)]
        assert sorted(states) == ["ENQUEUED"] * 3 + ["PENDING"] * 2
        (tmp_path / "hold-read").unlink()
        for number in range(1, 6):
            finished(database, f"{KEY}#{number}")

    def test_a_queue_is_looked_into_often_while_more_wait_than_may_go_at_once(
        self, engine, database, tmp_path
    ):
        (tmp_path / "hold-read").touch()
        for number in range(1, 4):
            engine.submit(order(database, "good", KEY, number))
        assert looks("to-ssb") == queueing.CALM  # two may go at once, and the third waits
        for number in range(4, 7):
            engine.submit(order(database, "good", KEY, number))
        assert looks("to-ssb") == queueing.BRISK
        wait_until(lambda: begun(tmp_path, "read") == 2)
        another_process_finds_it_calm("to-ssb")
        engine.pace()  # four still wait
        assert looks("to-ssb") == queueing.BRISK
        (tmp_path / "hold-read").unlink()
        for number in range(1, 7):
            finished(database, f"{KEY}#{number}")
        engine.pace()
        assert looks("to-ssb") == queueing.CALM


def looks(queue):
    """Seconds between two looks into a queue, as the engine's own table has it."""
    return DBOS.retrieve_queue(queue).polling_interval_sec


def another_process_finds_it_calm(queue):
    DBOS.retrieve_queue(queue).set_polling_interval_sec(queueing.CALM)


def test_a_number_that_is_changed_back_is_told_to_the_engine_again(monkeypatch):
    numbers = []
    monkeypatch.setattr(
        queueing.DBOS,
        "register_queue",
        lambda _name, global_concurrency, **_more: numbers.append(global_concurrency),
    )
    queues = queueing.Queues(4)
    for at_once in (1, 1, 2, 1):
        assert queues.named(Queue("to-ssb", at_once)) == "to-ssb"
    assert numbers == [1, 2, 1]
