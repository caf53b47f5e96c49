"""How many steps a second a run gets through, against the bare engine library doing the same.

A step of ours is fenced, knows whether the process stops, and may be refused; its engine, its tables
and how they are set up are the peer's too.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

import psycopg
from dbos import DBOS
from sqlalchemy.orm import Session

from bench import bare_engine
from bench.rows import Row
from jobs.api import Facts, Job, JobContext, Limits, ReceiptFacts, StartsOn, Step
from scheduler.engine.durable import DurableEngine
from scheduler.engine.runtime import RuntimeParts
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.schema import upgrade
from tests import postgres
from tests.scheduler.test_durable import add_occurrence

STEPS, ROUNDS = 300, 5
NAMES = [f"step-{number}" for number in range(STEPS)]


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        numbers = count(1)

        def in_sqlite() -> tuple[str, str]:
            folder = Path(name, str(next(numbers)))
            folder.mkdir()
            return f"sqlite:///{folder}/aarshjul.db", f"sqlite:///{folder}/engine.db"

        def in_postgres() -> tuple[str, str]:
            database = f"round_{next(numbers)}"
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database}")
            url = server.replace("/postgres?", f"/{database}?")
            return url, url

        for kind, fresh in (("SQLite", in_sqlite), ("PostgreSQL", in_postgres)):
            rounds = [(_ours(*fresh(), Path(name)), _bare(fresh()[1])) for _ in range(ROUNDS)]
            ours, bare = (median(speeds) for speeds in zip(*rounds, strict=True))
            told = f"DBOS alone: a workflow of the same {STEPS} steps that do nothing"
            yield Row(f"Steps of a run, one after another, {kind}", ours, bare, "steps/s", told)


class Noted:
    """When each step began."""

    def __init__(self) -> None:
        self._at: list[float] = []
        self._all = threading.Event()

    def note(self) -> None:
        self._at.append(time.perf_counter())
        if len(self._at) == STEPS:
            self._all.set()

    def per_second(self) -> float:
        assert self._all.wait(120)
        return (STEPS - 1) / (self._at[-1] - self._at[0])


def _ours(ledger: str, engine_url: str, folder: Path) -> float:
    noted, database = Noted(), open_database(ledger)
    upgrade(database)
    parts = RuntimeParts(database, folder, {"many": _job(noted.note)}, _now, Limits())
    engine = DurableEngine(engine_url, "bench", 4, parts)
    engine.start()
    try:
        engine.submit(_order(database))
        return noted.per_second()
    finally:
        engine.stop(30)
        database.dispose()


def _job(note: Callable[[], None]) -> Job:
    def step(_context: JobContext, _facts: Facts) -> Facts:
        note()
        return {"receipt": ReceiptFacts("delivery", "bench", "1", {}).as_json()}

    return Job("many", "Mange", StartsOn.DUE, tuple(Step(name, name, step) for name in NAMES))


def _order(database) -> dict[str, object]:
    with Session(database) as session, session.begin():
        row = add_occurrence(session)
        return runs.request_run(session, row, 1, "many", {}, "bench", _now()).order


def _now() -> datetime:
    return datetime.now(UTC)


def _bare(url: str) -> float:
    noted = Noted()

    def step() -> dict[str, object]:
        noted.note()
        return {"receipt": ReceiptFacts("delivery", "bench", "1", {}).as_json()}

    def many() -> None:
        for name in NAMES:
            DBOS.run_step({"name": name}, step)

    with bare_engine.launched(url, many) as workflow:
        DBOS.start_workflow(workflow)
        return noted.per_second()
