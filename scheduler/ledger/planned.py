"""Planned: the occurrences of all school years as the edges between them see them."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.once import once
from scheduler.ledger.predecessors import Planned, PlannedByRow, by_row
from scheduler.ledger.tables import OccurrenceRow


def planned_by_row(
    session: Session, calendar: Calendar, now: datetime, cycles: Iterable[str] | None = None
) -> PlannedByRow:
    """What is planned, by row and school year; all that the edges of some school years lead to, if given.

    A row that is not followed, which nobody here can see done, is open until its day is over.
    """
    followed = frozenset(name for name, row in calendar.deliverables.items() if row.followed)
    years = None if cycles is None else frozenset(_with_those_before(cycles))
    return _planned(session, followed, now.astimezone(OSLO).date(), years)


@once
def _planned(
    session: Session, followed: frozenset[str], today: date, years: frozenset[str] | None
) -> PlannedByRow:
    query = select(
        OccurrenceRow.deliverable,
        OccurrenceRow.cycle,
        OccurrenceRow.scope,
        OccurrenceRow.key,
        OccurrenceRow.stage,
        OccurrenceRow.due,
        OccurrenceRow.outcome,
    ).where(OccurrenceRow.outcome.is_distinct_from("withdrawn"))
    if years is not None:
        query = query.where(OccurrenceRow.cycle.in_(years))

    def is_open(name: str, due: date, outcome: str | None) -> bool:
        return outcome is None and (name in followed or due >= today)

    return by_row(
        (name, cycle, scope, Planned(key, stage, due, is_open(name, due, outcome)))
        for name, cycle, scope, key, stage, due, outcome in session.execute(query)
    )


def _with_those_before(cycles: Iterable[str]) -> set[str]:
    """An edge leads to its own school year or the one before."""
    return {year for cycle in cycles for year in (cycle, SchoolYear(cycle).previous)}
