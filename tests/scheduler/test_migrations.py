"""The migrations make exactly the tables that the code declares, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from scheduler.ledger.database import open_database
from scheduler.schema import TABLES, upgrade

FOREIGN = ("dbos", "alembic")


def ours(name, kind, _parent_names):
    return not (kind == "table" and name and name.startswith(FOREIGN))


def test_the_migrated_schema_is_the_declared_one(empty_database_url):
    database = open_database(empty_database_url)
    upgrade(database)
    upgrade(database)
    with database.connect() as connection:
        options = {"include_name": ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, list(TABLES)) == []
    database.dispose()
