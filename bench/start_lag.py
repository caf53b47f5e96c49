"""How long after the instant they are due fifteen deliveries begin, against bare calls in threads.

The real service with the real calendar, its clock set so that 06:00 on the due date comes in a few
seconds; only the job is replaced, by one that notes when it begins.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.rows import Row
from jobs.api import Job, ReceiptFacts, StartsOn, Step
from scheduler import daemon
from scheduler.engine.decide import start_instant
from scheduler.ledger import runs
from scheduler.ledger.tables import OccurrenceRow
from scheduler.settings import Settings

COUNT = 15
CYCLE = "2026-2027"
DELIVERY, IMPORTS = "stat-ssbelev-l1", ("skole-off-telling-okt", "skole-priv-telling-okt")
TICK_SECONDS = 1.0
HEAD_START = timedelta(seconds=8)


class Begun:
    """When each of the fifteen began."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.all = threading.Event()

    def note(self) -> None:
        self.at.append(time.time())
        if len(self.at) == COUNT:
            self.all.set()

    def lags(self, due: float) -> tuple[float, float]:
        """The median and the longest, in milliseconds."""
        assert self.all.wait(120)
        found = [(at - due) * 1000 for at in self.at]
        return statistics.median(found), max(found)


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as folder:
        ours = _ours(Path(folder))
    peer = _peer()
    peer_is = "APScheduler alone: a call in a thread, nothing decided, nothing written down"
    for name, own, other in zip(("median", "last"), ours, peer, strict=True):
        title = (
            f"Start lag of {COUNT} deliveries due at one instant, tick {TICK_SECONDS:g} s, {name}"
        )
        yield Row(title, own, other, "ms", peer_is)
    limit = (TICK_SECONDS + 1) * 1000
    yield Row("The same, last, against its limit", ours[1], limit, "ms", "one tick and a second")


def _ours(folder: Path) -> tuple[float, float]:
    """From the instant they are due to their first step: tick, decision, record, queue, start."""
    begun = Begun()
    settings = Settings(data_dir=folder, tick_seconds=TICK_SECONDS)
    with (
        patch.object(daemon, "JOBS", {"deliver-ssbelev": _job(begun)}),
        daemon.Service(settings, lambda: datetime(2026, 10, 1, tzinfo=UTC)) as service,
    ):
        service.tick()
        due = start_instant(_meet_predecessors(service))
        due_here = datetime.now(UTC) + HEAD_START
        service.clock = lambda: datetime.now(UTC) + (due - due_here)
        scheduler = daemon.ticking(service)
        scheduler.start()
        try:
            return begun.lags(due_here.timestamp())
        finally:
            scheduler.shutdown()


def _job(begun: Begun) -> Job:
    def begin(_context: object, _facts: object) -> dict[str, object]:
        begun.note()
        return {"receipt": ReceiptFacts("delivery", "bench", "1", {}).as_json()}

    return Job("deliver-ssbelev", "Begynn", StartsOn.DUE, (Step("begin", "Begynn", begin),))


def _meet_predecessors(service: daemon.Service) -> datetime:
    """Free every import the deliveries wait for; the day they are due."""
    now = service.clock()
    of_imports = (OccurrenceRow.cycle == CYCLE) & OccurrenceRow.deliverable.in_(IMPORTS)
    with Session(service.database) as session, session.begin():
        for key in session.scalars(select(OccurrenceRow.key).where(of_imports)).all():
            runs.waive(session, key, "bench", "måling", now)
        return session.get_one(OccurrenceRow, f"{DELIVERY}/{CYCLE}/first/46").due


def _peer() -> tuple[float, float]:
    begun = Begun()
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start()
    due = datetime.now(UTC) + timedelta(seconds=2)
    for _ in range(COUNT):
        scheduler.add_job(begun.note, "date", run_date=due, misfire_grace_time=None)
    try:
        return begun.lags(due.timestamp())
    finally:
        scheduler.shutdown()
