"""A row that the ledger lost comes back by replanning, and tells nobody: readers know it already."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from scheduler.ledger.database import open_database
from scheduler.ledger.tables import ChangeRow, OccurrenceRow
from tests.scheduler.small import (
    DELIVERY,
    EARLIER,
    IMPORT,
    NOW,
    SMALL,
    changes_in,
    published,
    row_of,
)

LATER = NOW + timedelta(days=1)
LOST = f"{DELIVERY}/46"


@pytest.fixture
def database(sqlite_url):
    engine = open_database(sqlite_url)
    published(engine)
    yield engine
    engine.dispose()


def lose(database, *keys):
    with database.begin() as connection:
        for key in keys:
            connection.execute(delete(ChangeRow).where(ChangeRow.occurrence_key == key))
            connection.execute(delete(OccurrenceRow).where(OccurrenceRow.key == key))


def test_a_lost_row_comes_back_and_tells_nobody(database):
    sequence = row_of(database, f"{DELIVERY}/42").sequence
    lose(database, LOST)
    again = published(database, now=LATER)
    assert (again.is_new, again.plan.added, again.notices) == (False, 1, ())
    assert row_of(database, LOST).sequence == sequence
    (change,) = [c for c in changes_in(database, 1) if c.occurrence_key == LOST]
    assert (change.kind, change.announced) == ("added", False)


def test_a_lost_row_that_the_new_calendar_moves_is_told(database):
    lose(database, f"{IMPORT}/46", LOST)
    again = published(database, EARLIER, LATER)
    told = {change.occurrence_key for change in again.plan.announced}
    assert {f"{IMPORT}/46", LOST} <= told


def test_a_row_that_is_new_is_told_as_before(database):
    third = SMALL.replace('"46": {name: Vestland}', '"46": {name: Vestland}\n  "03": {name: Oslo}')
    again = published(database, third, LATER)
    assert {c.occurrence_key.rpartition("/")[2] for c in again.plan.announced} == {"03"}
