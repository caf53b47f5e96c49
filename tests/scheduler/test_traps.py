"""What APScheduler does to a yearly job, tried on our own wiring: none of it may cost an occurrence.

The numbers are the rows of the table of its known behaviour that each test answers.
"""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from jobs.synth import write_extract
from scheduler import daemon
from scheduler.daemon import Service, ticking
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.health import health
from scheduler.ledger.tables import NodeRow, OccurrenceRow, RunRow
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import WHOLE, calendar_in, starting_only
from tests.scheduler import live

BEFORE = datetime(2026, 10, 22, 8, 0, tzinfo=UTC)
IMPORT = "skole-off-telling-okt"
FALL_BACK = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 03.00 becomes 02.00 in Oslo
SPRING_FORWARD = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


class Counting:
    """A service that only counts: what `ticking` calls, and as fast as it can."""

    def __init__(self, settings, *, fails=False):
        self.settings, self.fails = settings, fails
        self.ticks = 0

    def tick(self):
        self.ticks += 1
        if self.fails:
            raise RuntimeError("a tick that fails")

    def publish_feeds(self):
        """Nothing to publish."""

    def notify(self):
        """Nobody to tell."""

    def receive(self):
        """No receiver to ask."""

    def forget_reads(self):
        """No reads to forget."""


@pytest.fixture
def settings(tmp_path):
    return read_settings(
        data_dir=tmp_path / "var",
        database_url="",
        calendar=calendar_in(tmp_path, starting_only(WHOLE)),
        tick_seconds=1,
    )


@contextmanager
def started(service, *, paused=False):
    scheduler = ticking(service)
    scheduler.start(paused=paused)
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=True)


def test_1_a_tick_that_is_long_overdue_still_comes_once(settings):
    service = Counting(settings)
    with started(service, paused=True) as scheduler:
        time.sleep(3.2)  # three ticks and more than the second that APScheduler forgives
        assert service.ticks == 0
        scheduler.resume()
        live.wait_until(lambda: service.ticks)
        time.sleep(0.2)
        assert service.ticks == 1


def test_1_no_job_of_ours_is_given_up_for_being_late(settings):
    jobs = ticking(Counting(settings)).get_jobs()
    assert len(jobs) == 5  # tick, feeds, messages, receipts, old reads
    assert {job.misfire_grace_time for job in jobs} == {None}
    assert {job.coalesce for job in jobs} == {True}


def test_3_a_tick_that_fails_does_not_end_the_ticking(settings):
    service = Counting(settings, fails=True)
    with started(service) as scheduler:
        live.wait_until(lambda: service.ticks >= 3)
        assert scheduler._thread.is_alive()


def test_4_nothing_of_apschedulers_is_written_down(settings):
    clock = LedClock(BEFORE)
    with Service(settings, clock) as service:
        with started(service) as scheduler:
            live.wait_until(lambda: planned(service))
            assert all(type(store) is MemoryJobStore for store in scheduler._jobstores.values())
        names = inspect(service.database).get_table_names()
    assert not [name for name in names if "apscheduler" in name]


def test_6_a_shutdown_consumes_nothing_that_is_due(settings):
    clock = LedClock(BEFORE)
    with Service(settings, clock) as service:
        service.tick()
        folder = settings.data_dir / "inbox" / "46" / IMPORT
        write_extract(folder / "telling.txt", "46", "2026-2027")
        os.utime(folder / "telling.txt", (time.time() - 60,) * 2)
        with started(service, paused=True):
            time.sleep(1.2)  # a tick is overdue when the shutdown comes
        assert runs_of(service) == []
    with Service(settings, clock) as service:
        service.tick()
        assert runs_of(service) == [f"{IMPORT}/2026-2027/only/46#1"]


@pytest.mark.parametrize("shift", [FALL_BACK, SPRING_FORWARD], ids=["fall back", "spring forward"])
def test_10_ticks_come_evenly_when_the_clocks_change_in_norway(settings, shift):
    trigger = ticking(Counting(settings)).get_jobs()[0].trigger
    instant = shift - timedelta(seconds=30)
    trigger.start_date = instant
    fired, previous = [], None
    for _ in range(60):
        previous = trigger.get_next_fire_time(previous, instant)
        fired.append(previous)
        instant = previous
    assert fired[0] < shift < fired[-1]
    gaps = {(after - before).total_seconds() for before, after in pairwise(fired)}
    assert gaps == {settings.tick_seconds}


def planned(service):
    with reading(service.database) as session:
        return session.scalar(select(OccurrenceRow.key).limit(1))


def runs_of(service):
    with reading(service.database) as session:
        return session.scalars(select(RunRow.id)).all()


def test_3_a_thread_that_is_gone_is_noticed_and_told_at_once(settings, monkeypatch):
    with Service(settings, LedClock(BEFORE)) as service:
        service.tick()
        assert alive_nodes(service) == [True]
        scheduler = ticking(service)
        monkeypatch.setattr(scheduler, "_main_loop", lambda: None)  # as when it raises
        scheduler.start(paused=True)
        scheduler._thread.join()
        assert scheduler.running
        assert daemon.wait(threading.Event(), scheduler) is False
        service.ticker.note_silence()
        assert alive_nodes(service) == [False]
        service.tick()
        assert alive_nodes(service) == [True]
        scheduler.shutdown()


def test_3_whoever_asks_it_to_stop_is_heard(settings):
    stop = threading.Event()
    stop.set()
    with started(Counting(settings), paused=True) as scheduler:
        assert daemon.wait(stop, scheduler) is True


DYING = """
from threading import Event
from scheduler import daemon
from scheduler.settings import settings
ticked, tick = Event(), daemon.Service.tick
def tick_and_tell(service):
    tick(service)
    ticked.set()
def tick_once_and_die(scheduler):
    scheduler._process_jobs()
    ticked.wait(60)
daemon.Service.tick = tick_and_tell
daemon.Ticking._main_loop = tick_once_and_die
daemon.run(settings())
"""


def test_3_a_process_without_its_thread_ends_to_be_started_again(settings, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(settings.data_dir))
    command = [sys.executable, "-c", DYING]
    ended = subprocess.run(command, capture_output=True, timeout=90, check=False)
    assert ended.returncode == 1, ended.stderr
    assert b"the thread that ticks is gone" in ended.stderr
    database = open_database(settings.ledger_url)
    with Session(database) as session:
        assert session.scalars(select(NodeRow.tick_seconds)).all() == [0]
    database.dispose()


def alive_nodes(service):
    with reading(service.database) as session:
        return [node.alive for node in health(session, BEFORE).nodes]
