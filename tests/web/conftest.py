"""Fixtures: the site over a seeded ledger, at a fixed instant."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from shutil import copy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from scheduler.access.roles import Grant, Role
from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from tests.databases import fresh_database, template
from tests.web.changed import move
from tests.web.compiled import keep_builders
from tests.web.people import let_in, new_account, signed_in
from tests.web.persons_seen import populate
from tests.web.seed import create_site, seed

_numbers = count(1)
MOVED_IN = 2  # the number of the version that `changed.move` publishes


@pytest.fixture(scope="session", autouse=True)
def _builders() -> None:
    keep_builders()


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file, for each test to copy."""
    config = Settings(data_dir=tmp_path_factory.mktemp("seeded"))
    engine = open_database(config.ledger_url)
    seed(engine)
    engine.dispose()
    return Path(config.data_dir) / "aarshjul.db"


@pytest.fixture(scope="session")
def moved_file(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after a second version has moved one deadline, with its notices."""
    path = Path(copy(seeded_file, tmp_path_factory.mktemp("moved")))
    engine = open_database(f"sqlite:///{path}")
    assert move(engine).number == MOVED_IN
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _seeded_postgres(postgres_server: str, worker_id: str) -> str:
    """Name of a seeded template database."""
    return template(postgres_server, f"aarshjul_seeded_{worker_id}", seed)


@pytest.fixture(params=["sqlite", "postgres"])
def seeded_url(
    request: pytest.FixtureRequest, seeded_file: Path, tmp_path: Path, worker_id: str
) -> Iterator[str]:
    """URL of a seeded ledger of the test's own, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{copy(seeded_file, tmp_path)}"
        return
    server, copied = map(request.getfixturevalue, ("postgres_server", "_seeded_postgres"))
    yield from fresh_database(server, f"seeded_{worker_id}_{next(_numbers)}", copied)


@pytest.fixture
def seeded(seeded_url: str, tmp_path: Path) -> Iterator[tuple[Settings, Engine]]:
    """Settings of that ledger, and an engine on it."""
    engine = open_database(seeded_url)
    yield Settings(data_dir=tmp_path, database_url=seeded_url), engine
    engine.dispose()


@pytest.fixture
def moved(engine: Engine, moved_file: Path) -> int:
    """The ledger after the second version; its number."""
    with closing(sqlite3.connect(moved_file)) as kept, engine.connect() as connection:
        kept.backup(connection.connection.driver_connection)
    return MOVED_IN


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def engine(config: Settings, seeded_file: Path) -> Iterator[Engine]:
    copy(seeded_file, config.data_dir)
    engine = open_database(config.ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(config: Settings, engine: Engine) -> Iterator[Flask]:
    app = create_site(config)
    yield app
    app.extensions["aarshjul"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def unlimited(config: Settings, engine: Engine) -> Iterator[Flask]:
    """The site as it answers one whom it never tells to wait."""
    app = create_site(config.model_copy(update={"requests_per_minute": 1_000_000}))
    yield app
    app.extensions["aarshjul"].engine.dispose()


@pytest.fixture
def operator(app: Flask, engine: Engine) -> FlaskClient:
    """A browser where Driftsvakta has signed in, who runs the service."""
    return signed_in(app.test_client(), engine, Role.OPERATOR, name="Driftsvakta")


@pytest.fixture
def first(app: Flask, engine: Engine) -> FlaskClient:
    """A browser where Kari has signed in, an administrator."""
    return signed_in(app.test_client(), engine, Role.ADMINISTRATOR, name="Kari")


@pytest.fixture
def second(app: Flask, engine: Engine) -> FlaskClient:
    """A browser where Ola has, another one."""
    return signed_in(app.test_client(), engine, Role.ADMINISTRATOR, name="Ola")


@pytest.fixture
def ids(engine: Engine) -> dict[str, int]:
    """A person on each list of the follow-up service, and one with a protected address; ids by list."""
    return populate(engine)


@pytest.fixture
def coordinator(app: Flask, engine: Engine) -> FlaskClient:
    """A browser where Vestland's follow-up service has signed in."""
    return signed_in(app.test_client(), engine, Role.OT, "46", name="OT Vestland")


@pytest.fixture
def central(app: Flask, engine: Engine) -> FlaskClient:
    """A browser where whoever follows up those with a protected address has signed in."""
    return signed_in(app.test_client(), engine, Role.OT_PROTECTED, "46", name="Sentralen")


@pytest.fixture
def both(app: Flask, engine: Engine) -> FlaskClient:
    """A browser of somebody who has both roles."""
    grants = (Grant(Role.OT, "46"), Grant(Role.OT_PROTECTED, "46"))
    return let_in(app.test_client(), engine, new_account(engine, "Begge", *grants))


@pytest.fixture
def county_contact(app: Flask, engine: Engine) -> FlaskClient:
    """A browser where Vestland's contact has signed in."""
    return signed_in(app.test_client(), engine, Role.COUNTY, "46")
