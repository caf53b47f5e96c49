"""How long after the instant they are due deliveries begin: fifteen, and a thousand at once.

Whole nodes of the service in processes of their own, with the real planner and a made-up calendar of as
many deliveries; only the job is replaced, by one that notes when it begins.
"""

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil
from pathlib import Path

import psycopg
from apscheduler.schedulers.background import BackgroundScheduler

from bench import procrastinate_peer
from bench.due_together import nodes
from bench.due_together.year import COUNTIES, calendar_of, plan
from bench.rows import Row
from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from tests import postgres

# Rows of the calendar, the tick in seconds, and how many rounds are taken together.
SIZES = ((1, 1.0, 3), (67, 15.0, 1))
AT_ONCE = 2  # that the calendar lets go to one receiver, on all nodes together
POLL = 1.0  # seconds between two looks of the peer
THREADS_IS = "APScheduler alone: calls in threads, nothing decided, nothing written down"
QUEUE_IS = (
    f"Procrastinate {procrastinate_peer.version()}, one worker, {AT_ONCE} at once, "
    "the jobs written down before"
)
Measure = Callable[[int, float], list[float]]


def run() -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aarshjul-bench-")))
        server = stack.enter_context(postgres.server())
        peer_python = procrastinate_peer.installed(folder / "peer")
        places = _Places(folder, server)

        def queue(rows: int, _tick: float) -> list[float]:
            return _procrastinate(peer_python, *places.in_postgres(), rows * COUNTIES)

        for rows, tick, rounds in SIZES:
            ours: dict[str, Measure] = {
                "SQLite": lambda rows, tick: _ours(*places.in_sqlite(), 1, rows, tick),
                "PostgreSQL, 1 node": lambda rows, tick: _ours(
                    *places.in_postgres(), 1, rows, tick
                ),
                "PostgreSQL, 3 nodes": lambda rows, tick: _ours(
                    *places.in_postgres(), 3, rows, tick
                ),
            }
            taken: dict[str, list[float]] = {name: [] for name in (*ours, "threads", "queue")}
            for _ in range(rounds):
                for name, measure in (*ours.items(), ("threads", _threads), ("queue", queue)):
                    taken[name] += measure(rows, tick)
            yield from _rows(rows * COUNTIES, tick, taken)


def _rows(number: int, tick: float, taken: dict[str, list[float]]) -> Iterator[Row]:
    peers = {"SQLite": ("threads", THREADS_IS)}
    for name in [name for name in taken if name not in ("threads", "queue")]:
        peer, peer_is = peers.get(name, ("queue", QUEUE_IS))
        for part, said in ((0.5, "median"), (0.99, "99th percentile")):
            title = f"Start lag of {number} due at one instant, {name}, tick {tick:g} s: {said}"
            yield Row(title, _at(part, taken[name]), _at(part, taken[peer]), "ms", peer_is)


def _at(part: float, lags: list[float]) -> float:
    """The percentile, in milliseconds."""
    return sorted(lags)[ceil(part * len(lags)) - 1] * 1000


class _Places:
    """Fresh folders and databases."""

    def __init__(self, folder: Path, server: str) -> None:
        self._folder, self._server, self._numbers = folder, server, count(1)

    def _new_folder(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder

    def in_sqlite(self) -> tuple[str, Path]:
        return "", self._new_folder()

    def in_postgres(self) -> tuple[str, Path]:
        folder = self._new_folder()
        database = f"round_{folder.name}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
        return self._server.replace("/postgres?", f"/{database}?"), folder


def _ours(url: str, folder: Path, number: int, rows: int, tick: float) -> list[float]:
    """From the instant they are due to each first step: tick, decision, record, queue, start."""
    text, calendar = calendar_of(rows), folder / "calendar.yaml"
    calendar.write_text(text, encoding="utf-8")
    database = open_database(Settings(data_dir=folder, database_url=url).ledger_url)
    plan(database, text)
    database.dispose()
    return nodes.lags(url, folder, calendar, number, tick, rows * COUNTIES)


def _threads(rows: int, _tick: float) -> list[float]:
    begun: list[float] = []
    everyone = threading.Semaphore(0)

    def begin() -> None:
        begun.append(time.time())
        everyone.release()

    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start()
    due = datetime.now(UTC) + timedelta(seconds=3)
    for _ in range(rows * COUNTIES):
        scheduler.add_job(begin, "date", run_date=due, misfire_grace_time=None)
    for _ in range(rows * COUNTIES):
        assert everyone.acquire(timeout=120)
    scheduler.shutdown()
    return [at - due.timestamp() for at in begun]


def _procrastinate(python: Path, url: str, folder: Path, number: int) -> list[float]:
    began, worker = folder / "began", procrastinate_peer.FOLDER / "worker.py"
    numbers = (str(n) for n in (number, AT_ONCE, POLL, nodes.HEAD_START))
    subprocess.run([python, worker, url, began, *numbers], check=True, timeout=nodes.LIMIT)
    return [float(line) for line in began.read_text().splitlines()]
