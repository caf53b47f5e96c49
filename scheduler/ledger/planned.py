"""Planned: the occurrences of all school years as the edges between them see them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.predecessors import Planned, PlannedByRow
from scheduler.ledger.tables import OccurrenceRow


def planned_by_row(
    session: Session, calendar: Calendar, now: datetime, cycles: Iterable[str] | None = None
) -> PlannedByRow:
    """What is planned, by row and school year; all that the edges of some school years lead to, if given.

    A row without a job, which nobody here can see done, is open until its day is over.
    """
    rows, today = calendar.deliverables, now.astimezone(OSLO).date()
    followed = {name for name, row in rows.items() if row.job}
    query = select(
        OccurrenceRow.deliverable,
        OccurrenceRow.cycle,
        OccurrenceRow.key,
        OccurrenceRow.stage,
        OccurrenceRow.scope,
        OccurrenceRow.due,
        OccurrenceRow.outcome,
    ).where(OccurrenceRow.outcome.is_distinct_from("withdrawn"))
    if cycles is not None:
        query = query.where(OccurrenceRow.cycle.in_(_with_those_before(cycles)))
    planned: PlannedByRow = defaultdict(list)
    for deliverable, cycle, key, stage, scope, due, outcome in session.execute(query):
        is_open = outcome is None and (deliverable in followed or due >= today)
        found = Planned(key, stage, scope, due, open=is_open)
        planned[deliverable, cycle].append(found)
    return planned


def _with_those_before(cycles: Iterable[str]) -> set[str]:
    """An edge leads to its own school year or the one before."""
    return {year for cycle in cycles for year in (cycle, SchoolYear(cycle).previous)}
