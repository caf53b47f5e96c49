"""How a delivery's rows come out of SQLite, against the bare driver fetching the same query."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from bench.county_import import COUNTY, CYCLE, SKOLEAR, imported
from bench.rows import Row, seconds
from jobs.statistics.batches import batches, snapshot
from jobs.statistics.selection import SELECTIONS, Count, Rows
from jobs.synth import Scale, write_extract
from scheduler.ledger.database import open_database

ROUNDS = 5
FILES = ("ssbElev", "ssbElevFag")
# The counting day, and the register as it is known the day after the import.
COUNT = Count(COUNTY, SKOLEAR, date(2026, 10, 1), datetime(2026, 10, 6, tzinfo=UTC))


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name:
        folder = Path(name)
        file, register = folder / "extract.txt", folder / "register.db"
        write_extract(file, COUNTY, CYCLE, scale=Scale.COUNTY)
        engine = open_database(f"sqlite:///{register}")
        imported(engine, file, folder / "work")
        queries = [SELECTIONS[kind].ordered(COUNT, engine.dialect) for kind in FILES]
        rounds = [
            (
                seconds(lambda: _ours(engine, queries)),
                seconds(lambda: _bare(engine, register, queries)),
            )
            for _ in range(ROUNDS)
        ]
        rows = _ours(engine, queries)
        assert rows == _bare(engine, register, queries), "the peer reads something else"
        engine.dispose()
    ours, bare = (median(taken) for taken in zip(*rounds, strict=True))
    told = f"sqlite3 fetching the same {rows} rows of the same two queries"
    yield Row("Rows of a county's delivery out of SQLite, as frames of text", ours, bare, "s", told)


def _ours(engine: Engine, queries: list[Rows]) -> int:
    with snapshot(engine) as connection:
        return sum(frame.height for query in queries for frame in batches(connection, query))


def _bare(engine: Engine, register: Path, queries: list[Rows]) -> int:
    with closing(sqlite3.connect(register)) as connection:
        return sum(len(connection.execute(_text(engine, query)).fetchall()) for query in queries)


def _text(engine: Engine, query: Rows) -> str:
    return str(query.compile(engine, compile_kwargs={"literal_binds": True}))
