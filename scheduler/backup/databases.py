"""Databases: the ledger, the register and the engine's tables as they are at one instant.

SQLite keeps them in two files. Nothing may be done by the engine's and undone by the ledger's, or
work would be lost: so writers of the ledger wait, some milliseconds, while both are looked at. Each
is then read from its own snapshot while the service goes on. PostgreSQL has one database and a
snapshot that `pg_dump` reads.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, make_url, text
from sqlalchemy.engine import URL

from scheduler.backup import BackupError
from scheduler.ledger.database import open_database
from scheduler.settings import Settings

LEDGER, ENGINE, POSTGRES = "aarshjul.db", "engine.db", "postgresql.sql"
# A national import's merge holds the ledger for minutes at worst.
WAIT_SECONDS = 600
PARTS = ("", "-wal", "-shm")
ONE_TRANSACTION = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--no-psqlrc", "--quiet")
EMPTIED = """
DROP SCHEMA IF EXISTS dbos CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The databases at one instant: ask them in SQL, or write them into a folder."""

    query: Callable[[str], Sequence[Sequence[Any]]]
    write: Callable[[Path], list[Path]]


def kind(settings: Settings) -> str:
    return make_url(settings.ledger_url).get_backend_name()


@contextmanager
def freeze(settings: Settings, at_the_instant: Callable[[], None]) -> Iterator[Frozen]:
    """The databases as they are at one instant, at which `at_the_instant` is called."""
    frozen = _freeze_sqlite if kind(settings) == "sqlite" else _freeze_postgres
    with frozen(settings, at_the_instant) as found:
        yield found


def sqlite_files(settings: Settings) -> dict[str, Path]:
    """Name in a backup -> the file: the ledger with the register, and the engine's."""
    urls = {LEDGER: settings.ledger_url, ENGINE: settings.engine_url}
    return {name: Path(make_url(url).database or "") for name, url in urls.items()}


@contextmanager
def _freeze_sqlite(settings: Settings, at_the_instant: Callable[[], None]) -> Iterator[Frozen]:
    files = sqlite_files(settings)
    if not files[LEDGER].is_file():
        raise BackupError(f"Det er ingen database i {files[LEDGER].parent}. Se AARSHJUL_DATA_DIR.")
    with ExitStack() as stack:
        with closing(_connect(files[LEDGER])) as writer:
            writer.execute("BEGIN IMMEDIATE")
            seen = {
                name: stack.enter_context(closing(_snapshot(path)))
                for name, path in files.items()
                if path.is_file()
            }
            at_the_instant()
            writer.execute("ROLLBACK")

        def write(folder: Path) -> list[Path]:
            return [_copied(snapshot, folder / name) for name, snapshot in seen.items()]

        yield Frozen(lambda sql: seen[LEDGER].execute(sql).fetchall(), write)


def _connect(path: Path) -> sqlite3.Connection:
    name = f"file:{quote(str(path))}?mode=rw"
    return sqlite3.connect(name, uri=True, timeout=WAIT_SECONDS, isolation_level=None)


def _snapshot(path: Path) -> sqlite3.Connection:
    """A connection that sees the file as it is now, for as long as it is open."""
    connection = _connect(path)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _copied(snapshot: sqlite3.Connection, target: Path) -> Path:
    with closing(sqlite3.connect(target)) as copy:
        snapshot.backup(copy)
    return target


@contextmanager
def _freeze_postgres(settings: Settings, at_the_instant: Callable[[], None]) -> Iterator[Frozen]:
    dump = program("pg_dump")
    database = open_database(settings.ledger_url)
    with closing_pool(database), database.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        at_the_instant()

        def write(folder: Path) -> list[Path]:
            # Staged lines are put there anew; whose they are is the server's to say elsewhere.
            plainly = ("--no-owner", "--no-privileges", "--no-unlogged-table-data")
            target = folder / POSTGRES
            options = (*plainly, f"--snapshot={snapshot}", f"--file={target}")
            run_client(dump, settings.ledger_url, *options)
            return [target]

        yield Frozen(lambda sql: [tuple(row) for row in connection.execute(text(sql))], write)


@contextmanager
def closing_pool(database: Engine) -> Iterator[Engine]:
    try:
        yield database
    finally:
        database.dispose()


def program(name: str) -> str:
    """Where PostgreSQL's program is; raises BackupError that says what to install."""
    found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"Fant ikke programmet {name}. Installer PostgreSQLs klientprogrammer, minst like nye som "
            "serveren (Debian: apt-get install postgresql-client)."
        )
    return found


def run_client(command: str, url: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on the database; the password is in no list of processes."""
    parsed: URL = make_url(url)
    shown = parsed.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    answer = subprocess.run(  # noqa: S603 - a program of the server's own family
        [command, f"--dbname={shown}", *options],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise BackupError(f"{Path(command).name} ga opp: {answer.stderr.strip()}")


def put_back(settings: Settings, folder: Path) -> None:
    """Replace the databases by those in `folder`: PostgreSQL in one transaction, or not at all."""
    if kind(settings) != "sqlite":
        emptied = folder / "emptied.sql"
        emptied.write_text(EMPTIED, encoding="utf-8")
        scripts = (f"--file={emptied}", f"--file={folder / POSTGRES}")
        run_client(program("psql"), settings.ledger_url, *ONE_TRANSACTION, *scripts)
        return
    files = sqlite_files(settings)
    for path in files.values():
        for part in PARTS:
            path.with_name(f"{path.name}{part}").unlink(missing_ok=True)
    # The ledger last: one without the engine's file would wait for runs that nobody knows.
    for name in (ENGINE, LEDGER):
        if (folder / name).exists():
            files[name].parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder / name, files[name])


def is_empty(settings: Settings) -> bool:
    """Whether there is no database yet: no SQLite file, or a PostgreSQL database without tables."""
    if kind(settings) == "sqlite":
        return not any(path.exists() for path in sqlite_files(settings).values())
    database = open_database(settings.ledger_url)
    tables = text("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'dbos')")
    with closing_pool(database), database.connect() as connection:
        return not connection.scalar(tables)
