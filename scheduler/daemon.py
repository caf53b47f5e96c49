"""The scheduler process: APScheduler ticks, the durable engine works, signals end both.

The only module that knows APScheduler. It holds a few code-defined interval jobs in memory, in UTC;
nothing that must survive lives in it.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType, TracebackType
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from jobs import JOBS
from jobs.api import Limits
from scheduler.engine.durable import DurableEngine
from scheduler.engine.feed_publisher import FeedPublisher
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.tick import Ticker
from scheduler.ledger.database import open_database
from scheduler.notify_round import notify
from scheduler.ping import Pinger
from scheduler.schema import upgrade
from scheduler.settings import Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# What a shell adds to the number of the signal that ended a process.
SIGNALLED = 128


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Service:
    """Database, engine and ticker of one node, opened together and closed together."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = wall_clock) -> None:
        self.settings = settings
        self.clock = clock
        self.database: Engine = open_database(settings.ledger_url)
        limits = Limits(settings.max_file_mb << 20, settings.identity_numbers == "real")
        parts = RuntimeParts(self.database, settings.data_dir, JOBS, clock, limits)
        self.engine = DurableEngine(
            settings.engine_url, settings.node, settings.worker_concurrency, parts
        )
        self.feeds = FeedPublisher(settings, self.database)
        self.ticker = Ticker(settings, self.database, self.engine, self.feeds)
        self.pinger = Pinger(settings.ping_url)

    def __enter__(self) -> Self:
        upgrade(self.database)
        self.engine.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.stop(self.settings.drain_seconds)
        self.database.dispose()

    def tick(self) -> None:
        self.ticker.tick(self.clock())
        self.pinger.note_tick()

    def publish_feeds(self) -> None:
        self.feeds.publish_if_stale()

    def notify(self) -> None:
        notify(self.database, self.settings, self.clock)

    def ping(self) -> None:
        self.pinger.ping_if_ticked()


class Ticking(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """An APScheduler that knows whether its thread lives; its `running` is true of a dead one too."""

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()


def ticking(service: Service) -> Ticking:
    """Ticks `service`, publishes its feeds, notifies and pings; not started yet."""
    scheduler = Ticking(timezone=UTC)
    pings = [service.ping] if service.settings.ping_url else []
    for work in (service.tick, service.publish_feeds, service.notify, *pings):
        scheduler.add_job(
            work,
            "interval",
            seconds=service.settings.tick_seconds,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


def run(settings: Settings) -> None:
    """Run the scheduler process until SIGTERM or SIGINT, and end it with exit code 0.

    Begun steps and rounds may finish within `drain_seconds`; a second signal ends it at once.
    When the thread that ticks is gone, it ends with exit code 1: whoever started it starts it again.
    """
    stop = _stop_signals()
    with Service(settings) as service:
        scheduler = ticking(service)
        scheduler.start()
        asked = wait(stop, scheduler)
        if not asked:
            log.critical("the thread that ticks is gone", extra={"action": "thread-gone"})
            service.ticker.note_silence()
        until = time.monotonic() + settings.drain_seconds
        rounds = threading.Thread(target=scheduler.shutdown, daemon=True)
        rounds.start()
    rounds.join(max(0, until - time.monotonic()))
    log.info("stopped", extra={"action": "stopped"})
    _leave(0 if asked else 1)


def wait(stop: threading.Event, scheduler: Ticking) -> bool:
    """Wait to be asked to stop; False when the thread that ticks is gone instead."""
    while not stop.wait(LOOK_SECONDS):
        if not scheduler.alive:
            return False
    return True


def _stop_signals() -> threading.Event:
    """Set by the first SIGTERM or SIGINT; the second does not come back."""
    stop = threading.Event()

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            _leave(SIGNALLED + number)
        log.info("stopping", extra={"action": "stop", "signal": number})
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    return stop


def _leave(code: int) -> None:
    """End the process without waiting for threads: what they were at is begun again next time."""
    logging.shutdown()
    os._exit(code)
