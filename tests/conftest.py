"""Fixtures that every test may ask for."""

import gc
import os

from hypothesis import HealthCheck, settings

from tests.databases import (
    _planned_postgres,
    _planned_sqlite,
    _sqlite_file,
    database,
    database_url,
    empty_database_url,
    empty_postgres_url,
    empty_sqlite_url,
    planned_database,
    planned_postgres_url,
    planned_sqlite_url,
    postgres_server,
    postgres_url,
    sqlite_url,
)

__all__ = [
    "_planned_postgres",
    "_planned_sqlite",
    "_sqlite_file",
    "database",
    "database_url",
    "empty_database_url",
    "empty_postgres_url",
    "empty_sqlite_url",
    "planned_database",
    "planned_postgres_url",
    "planned_sqlite_url",
    "postgres_server",
    "postgres_url",
    "sqlite_url",
]

# Time is never an assertion: a busy machine must not fail a property.
settings.register_profile(
    "aarshjul", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("aarshjul")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests wait for databases, browsers and processes much of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What thousands of tests consist of stays to the end: never look through it for what can go.

    Calendars, sites and plans are made by the hundred and kept by caches, so that a look through all
    there is takes a third of a second: one in a few million new objects is enough.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
