"""Old and new code run side by side while nodes are upgraded, so a migration only adds.

Each revision's schema is held against the one before it: the older release reads and writes on the
newer schema until its node is upgraded.
"""

from itertools import pairwise

import pytest
from sqlalchemy import create_engine, inspect, text

from scheduler.ledger.database import open_database
from scheduler.schema import revisions, upgrade

# Revision -> why it may break the rule, and whether nodes must be stopped for it.
BREAKING = {
    "0002": "Before the first release: no node runs older code.",
    "0004": "A contract's number may repeat for another person. No older code reads or writes kontrakt.",
}


def tables_of(database):
    """Table -> its columns by name, and its unique sets of columns."""
    inspector = inspect(database)
    return {
        table: (
            {column["name"]: column for column in inspector.get_columns(table)},
            {tuple(found["column_names"]) for found in inspector.get_unique_constraints(table)}
            | {
                tuple(found["column_names"])
                for found in inspector.get_indexes(table)
                if found["unique"]
            },
        )
        for table in inspector.get_table_names()
    }


def breaks(before, after):
    """What the older code would stumble over, each in a few words."""
    found = [f"{table} is gone" for table in before if table not in after]
    for table in before.keys() & after.keys():
        found += [f"{table}: {words}" for words in _in_table(before[table], after[table])]
    return sorted(found)


def _in_table(before, after):
    (old, old_unique), (new, new_unique) = before, after
    yield from (f"{name} is gone" for name in old.keys() - new.keys())
    for name in new.keys() - old.keys():
        if not new[name]["nullable"] and new[name]["default"] is None:
            yield f"{name} is required, and older code leaves it out"
    for name in old.keys() & new.keys():
        if str(old[name]["type"]) != str(new[name]["type"]):
            yield f"{name} is another type"
        if old[name]["nullable"] and not new[name]["nullable"]:
            yield f"{name} may no longer be empty"
    yield from (f"{names} is no longer unique" for names in old_unique - new_unique)
    for names in new_unique - old_unique:
        if not any(set(wider) <= set(names) for wider in old_unique):
            yield f"{names} must be unique"


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    """Revision -> its schema, oldest first."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('upgrade') / 'x.db'}")
    found = {}
    for revision in revisions():
        upgrade(database, revision)
        found[revision] = tables_of(database)
    database.dispose()
    return found


def test_a_migration_that_older_code_cannot_live_with_gives_its_reason(schemas):
    found = {
        new: breaks(schemas[old], schemas[new])
        for old, new in pairwise(schemas)
        if breaks(schemas[old], schemas[new])
    }
    assert found.keys() == BREAKING.keys(), found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE a RENAME TO b", ["a is gone"]),
        ("ALTER TABLE a DROP COLUMN m", ["a: m is gone"]),
        ("ALTER TABLE a RENAME COLUMN m TO o", ["a: m is gone"]),
        ("ALTER TABLE a ADD COLUMN o text", []),
        ("ALTER TABLE a ADD COLUMN o text NOT NULL DEFAULT ''", []),
        ("CREATE TABLE b (n integer)", []),
        ("CREATE UNIQUE INDEX i ON a (m)", ["a: ('m',) must be unique"]),
        ("CREATE UNIQUE INDEX i ON a (n, m)", []),
        (
            "CREATE TABLE c AS SELECT * FROM a; DROP TABLE a; ALTER TABLE c RENAME TO a",
            ["a: ('n',) is no longer unique"],
        ),
        ("DROP INDEX u", ["a: ('n',) is no longer unique"]),
        (
            "ALTER TABLE a DROP COLUMN m; ALTER TABLE a ADD COLUMN m integer",
            ["a: m is another type"],
        ),
        (
            "ALTER TABLE a ADD COLUMN o text NOT NULL",
            ["a: o is required, and older code leaves it out"],
        ),
    ],
)
def test_what_older_code_stumbles_over_is_seen(change, words):
    database = create_engine("sqlite://")
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE a (n integer, m text)"))
        connection.execute(text("CREATE UNIQUE INDEX u ON a (n)"))
    before = tables_of(database)
    with database.begin() as connection:
        for statement in change.split(";"):
            connection.execute(text(statement))
    assert breaks(before, tables_of(database)) == words
    database.dispose()
