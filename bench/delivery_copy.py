"""The country's ssbElev and ssbElevFag written, hashed and fsynced, against PostgreSQL's own COPY.

The peer writes the same rows of the same queries, in the same order, to files on the server's disk:
it turns no value into the receiver's form, controls none and hashes nothing.
"""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from bench.national_import import FULL, NATIONAL, SKOLEAR, Base
from bench.one_import import CYCLE, NOW
from bench.rows import Row, seconds
from jobs.statistics.deliveries import deliveries
from jobs.statistics.extract import Extract, write_files
from jobs.statistics.selection import SELECTIONS, Count
from jobs.synth import Scale, write_national
from jobs.synth.people import counties
from scheduler.ledger.database import open_database
from tests import postgres

JOB, DELIVERY, COUNTED_ON = "deliver-ssbelev", "stat-ssbelev-l1", date(2026, 10, 1)


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        folder = Path(name)
        folder.chmod(0o755)
        file = folder / "national.txt"
        write_national(file, CYCLE, scale=Scale.NATIONAL)
        base = Base(server, folder / "service")
        base.prepare()
        base.take(file, FULL, NATIONAL)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        engine = open_database(server)
        yield from _measured(engine, server, folder)
        engine.dispose()


def _measured(engine: Engine, server: str, folder: Path) -> Iterator[Row]:
    extracted = [_extract(county) for county in counties()]
    ours, theirs = folder / "ours", folder / "peer"
    theirs.mkdir()
    theirs.chmod(0o777)  # it is the server that writes there
    taken = seconds(lambda: _ours(engine, extracted, ours))
    bare = seconds(lambda: _peer(server, engine, extracted, theirs))
    rows = sum(path.read_bytes().count(b"\n") for path in ours.glob("*/*.csv"))
    told = f"COPY (SELECT … ORDER BY …) TO a file of the same {rows} rows of the same queries"
    name = "The country's ssbElev and ssbElevFag, PostgreSQL: ordered, controlled, hashed, fsynced"
    yield Row(name, taken, bare, "s", told)


def _extract(county: str) -> Extract:
    count = Count(county, SKOLEAR, COUNTED_ON, NOW + timedelta(days=1))
    key = f"{DELIVERY}/{SKOLEAR[:4]}-{SKOLEAR[4:]}/first/{county}"
    return Extract(deliveries()[JOB], count, key, "first")


def _ours(engine: Engine, extracted: list[Extract], folder: Path) -> None:
    for extract in extracted:
        into = folder / extract.count.fylkesnummer
        into.mkdir(parents=True)
        write_files(engine, extract, into)


def _peer(server: str, engine: Engine, extracted: list[Extract], folder: Path) -> None:
    with psycopg.connect(server) as connection:
        for extract in extracted:
            for kind in extract.delivery.files:
                query = SELECTIONS[kind].ordered(extract.count, engine.dialect)
                text = query.compile(engine, compile_kwargs={"literal_binds": True})
                path = folder / f"{kind}_{extract.count.fylkesnummer}.csv"
                connection.execute(f"COPY ({text}) TO '{path}' (FORMAT csv)".encode())
