"""Fixtures: a seeded ledger with one SFTP sender, and its key."""

from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import Engine

from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from tests.scheduler.sftp.logging_in import Sender, new_sender
from tests.web.seed import seed


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file, for each test to copy."""
    config = Settings(data_dir=tmp_path_factory.mktemp("seeded"))
    engine = open_database(config.ledger_url)
    seed(engine)
    engine.dispose()
    return Path(config.data_dir) / "aarshjul.db"


@pytest.fixture
def config(tmp_path: Path, seeded: Path) -> Settings:
    (tmp_path / "aarshjul.db").write_bytes(seeded.read_bytes())
    return Settings(data_dir=tmp_path, max_file_mb=1, sftp_port=0)


@pytest.fixture
def engine(config: Settings) -> Iterator[Engine]:
    engine = open_database(config.ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def vestland(engine: Engine, key: asyncssh.SSHKey) -> Sender:
    return new_sender(engine, "vestland", "46", key)
