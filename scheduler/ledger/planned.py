"""Planned: the occurrences of all school years as the edges between them see them."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.once import once
from scheduler.ledger.predecessors import Planned, PlannedByRow, by_row, cycle_of
from scheduler.ledger.tables import OccurrenceRow


def planned_by_row(
    session: Session, calendar: Calendar, now: datetime, cycles: Iterable[str] | None = None
) -> PlannedByRow:
    """What is planned, by row and school year; all that the edges of some school years lead to, if given.

    A row that is not followed, which nobody here can see done, is open until its day is over.
    """
    years = None if cycles is None else frozenset(_with_those_before(cycles))
    return _planned(session, _followed(calendar), now.astimezone(OSLO).date(), years)


def open_before(
    session: Session, calendar: Calendar, now: datetime, waiting: Iterable[tuple[str, str]]
) -> PlannedByRow:
    """What is open still of what some rows, each in its school year, cannot begin without."""
    edges = {
        (edge.deliverable, cycle_of(edge, cycle))
        for deliverable, cycle in waiting
        for edge in calendar.deliverables[deliverable].depends_on
        if edge.strength == "hard"
    }
    if not edges:
        return {}
    rows, years = zip(*edges, strict=True)
    return _read(
        session,
        _followed(calendar),
        now.astimezone(OSLO).date(),
        OccurrenceRow.outcome.is_(None),
        OccurrenceRow.deliverable.in_(rows),
        OccurrenceRow.cycle.in_(years),
    )


@once
def _planned(
    session: Session, followed: frozenset[str], today: date, years: frozenset[str] | None
) -> PlannedByRow:
    some = () if years is None else (OccurrenceRow.cycle.in_(years),)
    return _read(
        session, followed, today, OccurrenceRow.outcome.is_distinct_from("withdrawn"), *some
    )


def _read(
    session: Session, followed: frozenset[str], today: date, *conditions: ColumnElement[bool]
) -> PlannedByRow:
    query = select(
        OccurrenceRow.deliverable,
        OccurrenceRow.cycle,
        OccurrenceRow.scope,
        OccurrenceRow.key,
        OccurrenceRow.stage,
        OccurrenceRow.due,
        OccurrenceRow.outcome,
    ).where(*conditions)

    def is_open(name: str, due: date, outcome: str | None) -> bool:
        return outcome is None and (name in followed or due >= today)

    session.flush()  # what is asked of the connection alone does not do it by itself
    found = session.connection().execute(query).all()
    return by_row(
        (name, cycle, scope, Planned(key, stage, due, is_open(name, due, outcome)))
        for name, cycle, scope, key, stage, due, outcome in found
    )


def _followed(calendar: Calendar) -> frozenset[str]:
    return frozenset(name for name, row in calendar.deliverables.items() if row.followed)


def _with_those_before(cycles: Iterable[str]) -> set[str]:
    """An edge leads to its own school year or the one before."""
    return {year for cycle in cycles for year in (cycle, SchoolYear(cycle).previous)}
