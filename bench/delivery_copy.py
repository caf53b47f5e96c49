"""ssbElev and ssbElevFag of 2.5 million rows written, hashed and fsynced, against PostgreSQL's own COPY.

The peer writes the same rows of the same queries, in the same order, to files on the server's disk:
it turns no value into the receiver's form, controls none and hashes nothing. Ours is written by a process
that does nothing else, and its peak memory is that process's.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from bench.national_import import FULL, MEMORY_LIMIT, NATIONAL, SKOLEAR, Base
from bench.one_import import CYCLE, NOW, peak_memory
from bench.rows import Row, seconds
from jobs.statistics.deliveries import deliveries
from jobs.statistics.extract import Extract, write_files
from jobs.statistics.selection import SELECTIONS, Count
from jobs.synth import Scale, write_national
from jobs.synth.people import counties
from scheduler.ledger.database import open_database
from tests import postgres

JOB, DELIVERY, COUNTED_ON = "deliver-ssbelev", "stat-ssbelev-l1", date(2026, 10, 1)
NAME = (
    "ssbElev and ssbElevFag of 2.5 million rows, PostgreSQL: ordered, controlled, hashed, fsynced"
)


@dataclass(frozen=True)
class Written:
    """What writing cost: seconds, peak memory in MB, and rows with the headings."""

    seconds: float
    peak: float
    rows: int


def run(scale: Scale = Scale.LARGE) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        folder = Path(name)
        folder.chmod(0o755)
        file = folder / "national.txt"
        write_national(file, CYCLE, scale=scale)
        base = Base(server, folder / "service")
        base.prepare()
        base.take(file, FULL, NATIONAL)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield from _measured(server, folder)


def _measured(server: str, folder: Path) -> Iterator[Row]:
    ours, theirs = folder / "ours", folder / "peer"
    theirs.mkdir()
    theirs.chmod(0o777)  # it is the server that writes there
    written = _written(server, ours)
    bare = seconds(lambda: _peer(server, theirs))
    told = (
        f"COPY (SELECT … ORDER BY …) TO a file of the same {written.rows} rows of the same queries"
    )
    yield Row(NAME, written.seconds, bare, "s", told)
    limit = "the limit, whatever the number of rows"
    yield Row(f"{NAME}: peak memory", written.peak, MEMORY_LIMIT, "MB", limit)


def _extracts() -> list[Extract]:
    return [_extract(county) for county in counties()]


def _extract(county: str) -> Extract:
    count = Count(county, SKOLEAR, COUNTED_ON, NOW + timedelta(days=1))
    key = f"{DELIVERY}/{SKOLEAR[:4]}-{SKOLEAR[4:]}/first/{county}"
    return Extract(deliveries()[JOB], count, key, "first")


def _written(server: str, folder: Path) -> Written:
    """Let a process of its own write every county's files."""
    command = [sys.executable, "-m", "bench.delivery_copy", server, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Written(**json.loads(done.stdout))


def _ours(server: str, folder: Path) -> Written:
    engine = open_database(server)
    taken = seconds(lambda: _write(engine, folder))
    peak = peak_memory()
    engine.dispose()
    rows = sum(_lines(path) for path in folder.glob("*/*.csv"))
    return Written(taken, peak, rows)


def _write(engine: Engine, folder: Path) -> None:
    for extract in _extracts():
        into = folder / extract.count.fylkesnummer
        into.mkdir(parents=True)
        write_files(engine, extract, into)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _peer(server: str, folder: Path) -> None:
    engine = open_database(server)
    with psycopg.connect(server) as connection:
        for extract in _extracts():
            for kind in extract.delivery.files:
                query = SELECTIONS[kind].ordered(extract.count, engine.dialect)
                text = query.compile(engine, compile_kwargs={"literal_binds": True})
                path = folder / f"{kind}_{extract.count.fylkesnummer}.csv"
                connection.execute(f"COPY ({text}) TO '{path}' (FORMAT csv)".encode())
    engine.dispose()


if __name__ == "__main__":
    print(json.dumps(asdict(_ours(sys.argv[1], Path(sys.argv[2])))))
