"""Fixtures: a fresh database for each test, on SQLite and on a real PostgreSQL."""

import shutil
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.ledger.database import open_database
from scheduler.ledger.planner import plan
from scheduler.schema import TABLES
from tests import postgres
from tests.planned import CALENDAR, NOW

_numbers = count(1)
TEMPLATE = "aarshjul_template"
PLANNED = "aarshjul_planned"


def create_tables(engine: Engine) -> None:
    for metadata in TABLES:
        metadata.create_all(engine)


def _in_database(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _administer(server_url: str, *statements: str) -> None:
    driver = make_url(server_url).set(drivername="postgresql+psycopg")
    engine = create_engine(driver, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running server with a template database that holds our tables."""
    with postgres.server() as url:
        _administer(
            url,
            f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)",
            f"CREATE DATABASE {TEMPLATE} TEMPLATE template0",
        )
        engine = open_database(_in_database(url, TEMPLATE))
        create_tables(engine)
        engine.dispose()
        yield url


def _plan(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        plan(session, parse_calendar(CALENDAR, "calendar.yaml"), CALENDAR, NOW)


def fresh_database(server_url: str, name: str, copied: str) -> Iterator[str]:
    """URL of a copy of the template database `copied`, dropped after the test."""
    _administer(
        server_url,
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {copied}",
    )
    yield _in_database(server_url, name)
    _administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: str, worker_id: str) -> Iterator[str]:
    """URL of a fresh PostgreSQL database with all tables, dropped after the test."""
    yield from fresh_database(postgres_server, f"aarshjul_{worker_id}_{next(_numbers)}", TEMPLATE)


@pytest.fixture
def empty_postgres_url(postgres_server: str, worker_id: str) -> Iterator[str]:
    """URL of a fresh PostgreSQL database with no table, dropped after the test."""
    yield from fresh_database(postgres_server, f"empty_{worker_id}_{next(_numbers)}", "template0")


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def _sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, for each test to copy."""
    path = tmp_path_factory.mktemp("tables") / "tables.db"
    engine = open_database(f"sqlite:///{path}")
    create_tables(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(_sqlite_file: Path, tmp_path: Path) -> str:
    """URL of a fresh SQLite file with all tables."""
    return f"sqlite:///{shutil.copy(_sqlite_file, tmp_path / 'aarshjul.db')}"


@pytest.fixture(scope="session")
def _planned_sqlite(_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the calendar planned."""
    path = Path(shutil.copy(_sqlite_file, tmp_path_factory.mktemp("planned") / "planned.db"))
    engine = open_database(f"sqlite:///{path}")
    _plan(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _planned_postgres(postgres_server: str, worker_id: str) -> str:
    """Name of a template database with all tables and the calendar planned."""
    return template(postgres_server, f"{PLANNED}_{worker_id}", _plan)


def template(server_url: str, name: str, fill: Callable[[Engine], object]) -> str:
    """Make a database with all tables and what `fill` writes, for others to be copied from; its name."""
    _administer(
        server_url,
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}",
    )
    engine = open_database(_in_database(server_url, name))
    fill(engine)
    engine.dispose()
    return name


@pytest.fixture
def planned_sqlite_url(_planned_sqlite: Path, tmp_path: Path) -> str:
    """URL of a fresh SQLite file with the calendar planned."""
    return f"sqlite:///{shutil.copy(_planned_sqlite, tmp_path / 'aarshjul.db')}"


@pytest.fixture
def planned_postgres_url(
    postgres_server: str, _planned_postgres: str, worker_id: str
) -> Iterator[str]:
    """URL of a fresh PostgreSQL database with the calendar planned, dropped after the test."""
    name = f"aarshjul_{worker_id}_{next(_numbers)}"
    yield from fresh_database(postgres_server, name, _planned_postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def planned_database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on a fresh database with CALENDAR planned at NOW (`tests.planned`), of each kind."""
    yield from _opened(request.getfixturevalue(f"planned_{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"empty_{request.param}_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database with all tables; the test runs once for each kind."""
    yield from _opened(database_url)


def _opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    _wait_until_returned(engine)
    engine.dispose()


def never_waiting_long(engine: Engine) -> None:
    """Let whoever waits for a lock on PostgreSQL fail after two seconds: a fault must not hang a test."""
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET lock_timeout = '2s'"))
    engine.dispose()


def _wait_until_returned(engine: Engine, seconds: float = 10) -> None:
    """Let a worker thread give back the connection whose commit the test has already seen.

    One that comes back after `dispose` belongs to no pool and is left for the garbage collector,
    which warns about it in whichever test is then running.
    """
    until = time.monotonic() + seconds
    while engine.pool.checkedout():
        assert time.monotonic() < until, "a test left a connection open"
        time.sleep(0.01)
