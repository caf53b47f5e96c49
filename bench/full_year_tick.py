"""A tick that finds a whole school year run and delivered, and ten, with nothing left to start."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from bench.rows import Row, seconds
from bench.ten_years import YEARS, write_years
from scheduler import daemon
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import RunRow
from scheduler.settings import Settings
from tests import postgres

ROUNDS = 7
# What the ledger holds -> how many school years lie before the one that is over.
BEFORE = {"a full year's runs": 0, "ten years' runs": YEARS}
NOW = datetime(2027, 6, 28, 8, tzinfo=UTC)
# The start lag is held against one tick and a second: within that second a tick has to be through.
LIMIT = 1.0


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        for kind, url in (("SQLite", ""), ("PostgreSQL", server)):
            for title, before in BEFORE.items():
                folder = Path(name, kind, str(before))
                folder.mkdir(parents=True)
                settings = Settings(data_dir=folder, database_url=_own(url, before))
                yield _of(f"A tick with {title} in the ledger, {kind}: CPU", settings, before)


def _own(server: str, before: int) -> str:
    """The URL of a database of the server's that nobody else uses; "" stays SQLite in the folder."""
    if not server:
        return ""
    name = f"ticked_{before}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _of(title: str, settings: Settings, before: int) -> Row:
    database = open_database(settings.ledger_url)
    write_years(database, settings, before, NOW)
    with Session(database) as session:
        runs = session.scalar(select(func.count()).select_from(RunRow))
    database.dispose()
    with daemon.Service(settings, lambda: NOW) as service:
        service.tick()  # the first of a day reads more
        taken = [_times(service) for _ in range(ROUNDS)]
    busy, whole = (median(part) for part in zip(*taken, strict=True))
    told = (
        f"the second a tick has of the start lag's limit; {runs} runs, {whole:.2g} s on the clock"
    )
    return Row(title, busy, LIMIT, "s", told)


def _times(service: daemon.Service) -> tuple[float, float]:
    """Seconds of its own processor time, and on the clock."""
    began = time.perf_counter()
    return seconds(service.tick, time.thread_time), time.perf_counter() - began
