"""Registers that everything a transfer stands on has been imported into."""

import pytest

from scheduler.ledger.database import open_database
from tests.jobs.ot.transfers import prepared


@pytest.fixture
def register(sqlite_url):
    """A register with everything imported that a transfer in October stands on."""
    database = open_database(sqlite_url)
    yield prepared(database)
    database.dispose()


@pytest.fixture
def either_register(database):
    """The same on SQLite and on PostgreSQL."""
    return prepared(database)
