"""A national file into the register, whole, again, and beside other work; against bare peers."""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import extracts
from bench.county_import import TABLES, copied_out, copy_in, insert
from bench.one_import import CYCLE, NOW, Taken, ended, started, taken
from bench.rows import Row, seconds
from jobs.imports.inbox import scan_inbox
from jobs.register.tables import Delivery, DeliveryState, RegisterBase
from jobs.register.trend import by_rule, by_school, series_of
from scheduler.ledger.database import open_database
from tests import postgres

FULL, CHANGES = (
    ("skole-off-telling-okt", "import-school"),
    ("skole-off-sluttere-startere", "import-school-changes"),
)
NATIONAL, COUNTY, ONE_SCHOOL = "national", "46", "46001"
ROUTES = {name: (NATIONAL, COUNTY) for name, _job in (FULL, CHANGES)}
SKOLEAR = CYCLE.replace("-", "")
WAL_LIMIT, MEMORY_LIMIT = 1000, 500  # kB, MB
COUNTY_LIMIT, SCHOOL_LIMIT, READ_LIMIT = 5, 1, 5  # s, s, ms


@dataclass(frozen=True)
class Files:
    """The files that are delivered, in this order."""

    national: Path
    again: Path
    county: Path
    school: Path

    @classmethod
    def written(cls, folder: Path) -> "Files":
        files = cls(*(folder / f"{name}.txt" for name in ("national", "again", "county", "school")))
        extracts.national(files.national)
        extracts.written_later(files.again, files.national)
        extracts.county(files.county, COUNTY)
        extracts.school(files.school, ONE_SCHOOL)
        return files


@dataclass(frozen=True)
class Base:
    """A database of its own with the folders of a service."""

    url: str
    folder: Path

    def prepare(self) -> None:
        database = open_database(self.url)
        RegisterBase.metadata.create_all(database)
        database.dispose()

    def receive(self, file: Path, deliverable: str, sender: str) -> int | None:
        """Put the file in the inbox and take it in; None when it is there already."""
        inbox = self.folder / "inbox" / sender / deliverable
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / file.name).write_bytes(file.read_bytes())
        database = open_database(self.url)
        (arrival,) = scan_inbox(database, self.folder, NOW, ROUTES, quiet=timedelta(0))
        database.dispose()
        return arrival.delivery_id

    def take(self, file: Path, kind: tuple[str, str], sender: str) -> Taken:
        delivery = self.receive(file, kind[0], sender)
        assert delivery is not None, f"{file.name} was known"
        return taken(self.url, self.folder, kind[1], sender, delivery)


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        folder = Path(name)
        files = Files.written(folder)
        with psycopg.connect(server, autocommit=True) as connection:
            for database in ("ours", "peer"):
                connection.execute(f"CREATE DATABASE {database}")
        ours, peer = (server.replace("/postgres?", f"/{x}?") for x in ("ours", "peer"))
        yield from _postgres(Base(ours, folder / "postgres"), Base(peer, folder), files)
        file = folder / "ours.db"
        yield from _sqlite(Base(f"sqlite:///{file}", folder / "sqlite"), file, files)


def _postgres(ours: Base, peer: Base, files: Files) -> Iterator[Row]:
    ours.prepare()
    peer.prepare()
    first = ours.take(files.national, FULL, NATIONAL)
    with psycopg.connect(ours.url) as source, psycopg.connect(peer.url) as target:
        texts = {table: copied_out(source, table) for table in TABLES}
        bare = seconds(lambda: copy_in(target, texts))
    count = sum(text.count(b"\n") for text in texts.values())
    yield from _whole("PostgreSQL", "COPY", first, bare, count)
    with psycopg.connect(ours.url, autocommit=True) as watching:
        watching.execute("VACUUM ANALYZE")  # else the server's own, begun meanwhile, is counted too
        yield from _nothing_new("PostgreSQL", ours, first, files, watching)
    yield from _beside("PostgreSQL", ours, files)


def _sqlite(ours: Base, file: Path, files: Files) -> Iterator[Row]:
    ours.prepare()
    first = ours.take(files.national, FULL, NATIONAL)
    bare, count = _executemany(file)
    yield from _whole("SQLite", "executemany", first, bare, count)
    yield from _nothing_new("SQLite", ours, first, files, None)
    yield from _beside("SQLite", ours, files)


def _executemany(file: Path) -> tuple[float, int]:
    """Seconds for the same rows into the same keyed tables of an empty database, and their number."""
    peer = file.with_name("peer.db")
    empty = open_database(f"sqlite:///{peer}")
    RegisterBase.metadata.create_all(empty)
    empty.dispose()
    with closing(sqlite3.connect(file)) as source:
        rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    with closing(sqlite3.connect(peer)) as target:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            target.execute(f"PRAGMA {pragma}")
        bare = seconds(lambda: insert(target, rows))
    return bare, sum(map(len, rows.values()))


def _whole(kind: str, way: str, first: Taken, bare: float, count: int) -> Iterator[Row]:
    peer_is = f"bare {way} of the same {count} rows into the same empty keyed tables"
    yield Row(
        f"National first load, {kind}: control to commit", first.to_the_register, bare, "s", peer_is
    )
    yield Row(
        f"National first load, {kind}: peak memory", first.peak, MEMORY_LIMIT, "MB", "the limit"
    )


def _nothing_new(
    kind: str, ours: Base, first: Taken, files: Files, watching: psycopg.Connection | None
) -> Iterator[Row]:
    """The same content in another file, then the very same file."""
    before = _written(watching)
    again = ours.take(files.again, FULL, NATIONAL)
    wrote = _written(watching) - before
    assert not any(again.touched.values()), again.touched
    is_first = "the first load of the same lines"
    yield Row(
        f"Unchanged national file, {kind}",
        again.to_the_register,
        first.to_the_register,
        "s",
        is_first,
    )
    if watching:
        yield Row(
            f"Unchanged national file, {kind}: WAL written",
            wrote / 1000,
            WAL_LIMIT,
            "kB",
            "the limit",
        )
    known = seconds(lambda: ours.receive(files.again, FULL[0], NATIONAL))
    yield Row(f"Identical national file, {kind}", known, first.to_the_register, "s", is_first)


def _written(watching: psycopg.Connection | None) -> int:
    """Bytes of WAL so far."""
    if watching is None:
        return 0
    found = watching.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
    return int(found[0]) if found else 0


def _beside(kind: str, ours: Base, files: Files) -> Iterator[Row]:
    """A county and a school into the full base, alone and while a national file is controlled."""
    county = ours.take(files.county, FULL, COUNTY)
    yield Row(f"A county into a full base, {kind}", county.whole, COUNTY_LIMIT, "s", "the limit")
    school = ours.take(files.school, CHANGES, COUNTY)
    yield Row(f"A school into a full base, {kind}", school.whole, SCHOOL_LIMIT, "s", "the limit")
    extracts.written_later(files.school.with_name("later.txt"), files.school)
    with _national_under_way(ours, files) as reads:
        busy = ours.take(files.school.with_name("later.txt"), CHANGES, COUNTY)
    yield Row(
        f"The same school while a national file is imported, {kind}",
        busy.whole,
        SCHOOL_LIMIT,
        "s",
        "the limit",
    )
    yield Row(
        f"Reading a county's report meanwhile, {kind}: 99th percentile",
        quantiles(reads, n=100)[98] * 1000,
        READ_LIMIT,
        "ms",
        f"the limit, {len(reads)} reads",
    )


@contextmanager
def _national_under_way(ours: Base, files: Files) -> Iterator[list[float]]:
    """A national import from before the block to after it; seconds of each read meanwhile."""
    third = files.again.with_name("third.txt")
    third.write_bytes(files.again.read_bytes().replace(b";20261006;", b";20261007;", 1))
    delivery = ours.receive(third, FULL[0], NATIONAL)
    assert delivery is not None
    begun, reads, over = time.perf_counter(), list[float](), threading.Event()
    process = started(ours.url, ours.folder, FULL[1], NATIONAL, delivery)
    reader = threading.Thread(target=_read, args=(ours.url, reads, over))
    reader.start()
    try:
        time.sleep(2)  # the start is over, control has begun
        yield reads
    finally:
        ended(process, begun)
        over.set()
        reader.join()


def _read(url: str, reads: list[float], over: threading.Event) -> None:
    database = open_database(url).execution_options(read_only=True)
    while not over.wait(0.01):
        reads.append(seconds(lambda: _report(database)))


def _report(database: object) -> None:
    query = (
        select(Delivery)
        .where(
            Delivery.deliverable == FULL[0],
            Delivery.sender == COUNTY,
            Delivery.skolear == SKOLEAR,
            Delivery.state == DeliveryState.LOADED,
        )
        .order_by(Delivery.id.desc())
    )
    with Session(database) as session:  # type: ignore[call-overload]
        delivery = session.scalars(query).first()
        series = series_of(session, delivery)
        by_rule(session, series)
        by_school(session, series)
