"""Planned: the occurrences of all school years as the edges between them see them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.predecessors import Planned, PlannedByRow, by_row
from scheduler.ledger.tables import OccurrenceRow


def planned_by_row(session: Session, calendar: Calendar, now: datetime) -> PlannedByRow:
    """What is planned, by row and school year.

    A row without a job, which nobody here can see done, is open until its day is over.
    """
    rows, today = calendar.deliverables, now.astimezone(OSLO).date()
    followed = {name for name, row in rows.items() if row.job}
    query = select(
        OccurrenceRow.deliverable,
        OccurrenceRow.cycle,
        OccurrenceRow.scope,
        OccurrenceRow.key,
        OccurrenceRow.stage,
        OccurrenceRow.due,
        OccurrenceRow.outcome,
    ).where(OccurrenceRow.outcome.is_distinct_from("withdrawn"))

    def is_open(name: str, due: date, outcome: str | None) -> bool:
        return outcome is None and (name in followed or due >= today)

    return by_row(
        (name, cycle, scope, Planned(key, stage, due, is_open(name, due, outcome)))
        for name, cycle, scope, key, stage, due, outcome in session.execute(query)
    )
