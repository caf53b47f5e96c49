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
from jobs.channels.files import remove_abandoned
from scheduler import reads_kept
from scheduler.engine.clock_guard import ClockGuard, Uptime
from scheduler.engine.durable import DurableEngine
from scheduler.engine.feed_publisher import FeedPublisher
from scheduler.engine.peers import Peers
from scheduler.engine.receiving import Receiving
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.terms import terms_in_use
from scheduler.engine.tick import Ticker
from scheduler.ledger.database import close_database, open_database
from scheduler.ledger.nodes import session_name
from scheduler.notify_round import notify
from scheduler.ping import Pinger
from scheduler.schema import upgrade
from scheduler.settings import Settings
from scheduler.ways import ways

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
RECEIPT_SECONDS = 300.0  # between two times that a receiver is asked for the receipts it owes us
# What a shell adds to the number of the signal that ended a process.
SIGNALLED = 128


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Ticking(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """An APScheduler that knows whether its thread lives; its `running` is true of a dead one too."""

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()


def _every(scheduler: Ticking, seconds: float, *works: Callable[[], object]) -> None:
    for work in works:
        scheduler.add_job(
            work,
            "interval",
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def beating(peers: Peers, seconds: float) -> Ticking:
    """Beats and looks after the others; of its own, so that no round of work and no stop holds it up."""
    scheduler = Ticking(timezone=UTC)
    _every(scheduler, seconds, peers.beat, peers.look)
    return scheduler


class Service:
    """Database, engine and ticker of one node, opened together and closed together.

    `uptime` is what its clock is guarded by; None for a clock that is led, as in a replay.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = wall_clock,
        uptime: Uptime | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.named = session_name(settings.node)
        self.database: Engine = open_database(settings.ledger_url, session_name=self.named)
        self.engine = self.new_engine()
        self.feeds = FeedPublisher(settings, self.database)
        guard = ClockGuard(self.database, settings.node, uptime) if uptime else None
        self.ticker = Ticker(settings, self.database, self.engine, self.feeds, guard)
        self.receiving = Receiving(self.database, settings.data_dir, settings.channels)
        self.pinger = Pinger(settings.ping_url)
        self.peers = Peers(settings, self.parts())
        self.heart = beating(self.peers, settings.beat_seconds)

    def new_engine(self) -> DurableEngine:
        """The engine of this node, not started yet."""
        config = self.settings
        return DurableEngine(
            config.engine_url, config.node, config.worker_concurrency, self.parts()
        )

    def parts(self) -> RuntimeParts:
        """What the engine is to work with."""
        limits = Limits(self.settings.max_file_mb << 20, self.settings.identity_numbers == "real")
        terms = terms_in_use(self.database)
        folder = self.settings.data_dir
        return RuntimeParts(
            self.database,
            folder,
            JOBS,
            self.clock,
            limits,
            self.settings.channels,
            self.named,
            terms=terms,
        )

    def __enter__(self) -> Self:
        ways(self.settings)
        upgrade(self.database)
        for name in ("outbox", "returns", "work"):
            remove_abandoned(self.settings.data_dir / name, wall_clock())
        self.peers.begin()
        try:
            self.engine.start()
        except BaseException:
            self.peers.end()
            raise
        if self.peers.several:
            self.heart.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.stop(self.settings.drain_seconds)
        if self.peers.several:
            self.heart.shutdown()
        self.peers.end()
        close_database(self.database)

    def cut_off(self) -> str:
        """Why it is a node among others no longer and must not go on, or ""."""
        if self.peers.lost:
            return "another process has this node's name"
        beats = self.heart.alive or not self.peers.several
        return "" if beats else "the thread that beats is gone"

    def tick(self) -> None:
        self.ticker.tick(self.clock())
        self.pinger.note_tick()

    def publish_feeds(self) -> None:
        self.feeds.publish_if_stale()

    def notify(self) -> None:
        notify(self.database, self.settings, self.clock)

    def receive(self) -> None:
        self.receiving.round(self.clock())

    def forget_reads(self) -> None:
        reads_kept.purge(self.database, self.settings.reads_kept_years, self.clock())

    def ping(self) -> None:
        self.pinger.ping_if_ticked()


def ticking(service: Service) -> Ticking:
    """Ticks `service`, publishes its feeds, notifies and pings; not started yet."""
    scheduler = Ticking(timezone=UTC)
    pings = [service.ping] if service.settings.ping_url else []
    works = (service.tick, service.publish_feeds, service.notify, *pings)
    _every(scheduler, service.settings.tick_seconds, *works)
    _every(scheduler, RECEIPT_SECONDS, service.receive)
    _every(scheduler, reads_kept.EVERY.total_seconds(), service.forget_reads)
    return scheduler


def run(settings: Settings) -> None:
    """Run the scheduler process until SIGTERM or SIGINT, and end it with exit code 0.

    Begun steps and rounds may finish within `drain_seconds`; a second signal ends it at once.
    When the thread that ticks is gone, or another process has the node's name, it ends with exit code
    1: whoever started it starts it again.
    """
    stop = _stop_signals()
    with Service(settings, uptime=time.monotonic) as service:
        scheduler = ticking(service)
        scheduler.start()
        asked = wait(stop, scheduler, service.cut_off)
        if not asked:
            said = service.cut_off() or "the thread that ticks is gone"
            log.critical(said, extra={"action": "thread-gone"})
            service.ticker.note_silence()
        until = time.monotonic() + settings.drain_seconds
        rounds = threading.Thread(target=scheduler.shutdown, daemon=True)
        rounds.start()
    rounds.join(max(0, until - time.monotonic()))
    log.info("stopped", extra={"action": "stopped"})
    _leave(0 if asked else 1)


def wait(stop: threading.Event, scheduler: Ticking, cut_off: Callable[[], str] = str) -> bool:
    """Wait to be asked to stop; False when the thread that ticks is gone instead, or we are cut off."""
    while not stop.wait(LOOK_SECONDS):
        if not scheduler.alive or cut_off():
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
