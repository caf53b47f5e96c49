"""The parts of an occurrence's key, asked of both databases."""

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from scheduler.ledger import keys
from scheduler.ledger.tables import OccurrenceRow

KEY = "stat-ssbelev-l1/2026-2027/first/46"


@pytest.mark.parametrize(
    ("part", "said"),
    [(keys.deliverable_of, "stat-ssbelev-l1"), (keys.cycle_of, "2026-2027")],
)
def test_a_part_of_a_key(database, part, said):
    with Session(database) as session:
        assert session.scalar(select(part(literal(KEY)))) == said


@pytest.mark.parametrize(("scope", "its"), [("46", True), ("6", False), ("4_", False)])
def test_the_scope_of_a_key(database, scope, its):
    with Session(database) as session:
        assert bool(session.scalar(select(keys.of_scope(literal(KEY), scope)))) is its


def test_the_parts_of_every_key_are_its_columns(planned_database):
    key = OccurrenceRow.key
    query = select(
        OccurrenceRow.deliverable, keys.deliverable_of(key), OccurrenceRow.cycle, keys.cycle_of(key)
    )
    with Session(planned_database) as session:
        found = session.execute(query).all()
    assert found
    assert all(row[0] == row[1] and row[2] == row[3] for row in found)
