"""Fixtures that every test may ask for."""

from hypothesis import HealthCheck, settings

from tests.databases import (
    database,
    database_url,
    empty_database_url,
    empty_postgres_url,
    empty_sqlite_url,
    postgres_server,
    postgres_url,
    sqlite_url,
)

__all__ = [
    "database",
    "database_url",
    "empty_database_url",
    "empty_postgres_url",
    "empty_sqlite_url",
    "postgres_server",
    "postgres_url",
    "sqlite_url",
]

# Time is never an assertion: a busy machine must not fail a property.
settings.register_profile(
    "aarshjul", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("aarshjul")
