"""All rules and gates of the transfer to OT over a national register, against reading the same tables once.

The register is the synthetic nation of jobs/synth/nation as it is when the autumn's files are in.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import Engine

from bench.rows import Row, seconds
from jobs.ot.candidates import Found, find
from jobs.ot.catalogue import Category
from jobs.ot.reading import asked_by, queries
from jobs.ot.transfer import Transfer
from jobs.register.tables import RegisterBase
from jobs.synth.nation.register import Register
from jobs.synth.nation.year import Year
from scheduler.ledger.database import open_database
from tests import postgres

CYCLE, PER, ROUNDS = "2024-2025", date(2024, 11, 5), 3
COUNTRY = Transfer(None, CYCLE.replace("-", ""), PER)


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        folder = Path(name)
        file = folder / "register.db"
        yield _measured(
            "SQLite", f"sqlite:///{file}", folder / "sqlite", lambda: sqlite3.connect(file)
        )
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE nation")
        url = server.replace("/postgres?", "/nation?")
        yield _measured("PostgreSQL", url, folder / "postgres", lambda: psycopg.connect(url))


def _measured(kind: str, url: str, folder: Path, connect: Callable[[], Any]) -> Row:
    """One pass over the country and one reading, in turn; the median of each."""
    engine = open_database(url)
    RegisterBase.metadata.create_all(engine)
    Year(Register(engine, folder), CYCLE, 1.0).begin()
    asked, rounds = _asked(engine), list[tuple[float, float]]()
    for _ in range(ROUNDS):
        with closing(connect()) as connection:
            bare = seconds(partial(_fetched, connection, asked))
        rounds.append((seconds(partial(_found, engine)), bare))
    with closing(connect()) as connection:
        rows = _fetched(connection, asked)
    told = _found(engine).told["kandidater"]
    engine.dispose()
    return Row(
        f"Transfer to OT of the country, {kind}: every rule and gate",
        median(ours for ours, _ in rounds),
        median(peer for _, peer in rounds),
        "s",
        f"the driver fetching the same {rows} rows of the same queries ({told} candidates in them)",
    )


def _found(engine: Engine) -> Found:
    return find(engine, COUNTRY, list(Category))


def _asked(engine: Engine) -> list[str]:
    """The queries of a pass, as text."""
    literal = {"compile_kwargs": {"literal_binds": True}}
    asked = (query.params(asked_by(COUNTRY)) for query in queries(COUNTRY).values())
    return [str(query.compile(engine, **literal)) for query in asked]


def _fetched(connection: Any, asked: list[str]) -> int:
    """How many rows the driver fetched, all held at once."""
    held = [connection.execute(statement).fetchall() for statement in asked]
    return sum(map(len, held))
