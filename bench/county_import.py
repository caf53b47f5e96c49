"""A county's October extract into the register, against the same rows put in with nothing else."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.rows import Row, seconds
from jobs.imports import load as loading
from jobs.imports.control import control_slices
from jobs.imports.expected import Expected
from jobs.imports.stage import stage
from jobs.register.datasets import SCHOOL, Extent
from jobs.register.tables import Delivery, RegisterBase
from jobs.synth import Scale, write_extract
from scheduler.ledger.database import open_database
from tests import postgres

COUNTY, CYCLE = "46", "2026-2027"
NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
SKOLEAR = CYCLE.replace("-", "")
EXTENT = Extent(SCHOOL, COUNTY, SKOLEAR, "offentlig")
TABLES = [table.name for table in RegisterBase.metadata.sorted_tables]


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        folder = Path(name)
        extract = folder / "extract.txt"
        write_extract(extract, COUNTY, CYCLE, scale=Scale.COUNTY)
        yield from _rows("SQLite", *_sqlite(folder, extract))
        yield from _rows("PostgreSQL", *_postgres(server, folder, extract))


def _rows(kind: str, whole: float, load: float, bare: float, count: int) -> Iterator[Row]:
    way = "executemany" if kind == "SQLite" else "COPY"
    peer_is = f"bare {way} of the same {count} rows into the same empty tables"
    yield Row(f"County import, {kind}: control, staging and load", whole, bare, "s", peer_is)
    yield Row(f"County import, {kind}: the load's transaction", load, bare, "s", peer_is)


def imported(engine: Engine, extract: Path, folder: Path) -> tuple[float, float]:
    """Seconds from the file to the commit, and of the transaction alone."""
    RegisterBase.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add(noted(extract))
    folder.mkdir()

    def prepare() -> None:
        stage(engine, control_slices(extract, Expected(COUNTY, SKOLEAR)), EXTENT, 1, folder)

    def load() -> None:
        with Session(engine) as session, session.begin():
            loading.load(session, 1, EXTENT, folder, NOW, full=True)

    prepared, loaded = seconds(prepare), seconds(load)
    return prepared + loaded, loaded


def noted(extract: Path) -> Delivery:
    return Delivery(
        sha256="0" * 64,
        sender=COUNTY,
        deliverable="skole-off-telling-okt",
        skolear=SKOLEAR,
        file_name=extract.name,
        archived_as=extract.name,
        bytes=extract.stat().st_size,
        received_at=NOW,
    )


def _sqlite(folder: Path, extract: Path) -> tuple[float, float, float, int]:
    engine = open_database(f"sqlite:///{folder / 'ours.db'}")
    took = imported(engine, extract, folder / "sqlite")
    empty = open_database(f"sqlite:///{folder / 'peer.db'}")
    RegisterBase.metadata.create_all(empty)
    engine.dispose()
    empty.dispose()
    with closing(sqlite3.connect(folder / "ours.db")) as source:
        rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    with closing(sqlite3.connect(folder / "peer.db")) as target:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            target.execute(f"PRAGMA {pragma}")
        bare = seconds(lambda: insert(target, rows))
    return *took, bare, sum(map(len, rows.values()))


def insert(target: sqlite3.Connection, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """Put rows in with executemany, table by table, and commit."""
    for name, values in rows.items():
        if values:
            marks = ", ".join("?" * len(values[0]))
            target.executemany(f"INSERT INTO {name} VALUES ({marks})", values)
    target.commit()


def _postgres(server: str, folder: Path, extract: Path) -> tuple[float, float, float, int]:
    urls = {name: server.replace("/postgres?", f"/{name}?") for name in ("ours", "peer")}
    with psycopg.connect(server, autocommit=True) as connection:
        for name in urls:
            connection.execute(f"CREATE DATABASE {name}")
    engine, empty = (open_database(url) for url in urls.values())
    took = imported(engine, extract, folder / "postgres")
    RegisterBase.metadata.create_all(empty)
    engine.dispose()
    empty.dispose()
    with psycopg.connect(urls["ours"]) as source, psycopg.connect(urls["peer"]) as target:
        texts = {name: copied_out(source, name) for name in TABLES}
        bare = seconds(lambda: copy_in(target, texts))
    return *took, bare, sum(text.count(b"\n") for text in texts.values())


def copied_out(source: psycopg.Connection, name: str) -> bytes:
    """A table as COPY writes it."""
    with source.cursor() as cursor, cursor.copy(f"COPY {name} TO STDOUT") as copy:
        return b"".join(map(bytes, copy))


def copy_in(target: psycopg.Connection, texts: dict[str, bytes]) -> None:
    """Put tables in with COPY, and commit."""
    for name, text in texts.items():
        with target.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            copy.write(text)
    target.commit()
