"""Word: what persons have said instead of a file, given to the runs that stand on it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.ledger.tables import OccurrenceRow

# A waiver, and a sender's word that there is nothing to report.
WORD = ("waived", "nothing")


def by_word(session: Session, job: str, cycle: str, scope: str) -> dict[str, Any]:
    """Inputs of a run of a job that heeds rows of calendar.yaml: {"by_word": row -> day}, or nothing.

    The day (ISO, Oslo) is the newest on which somebody waived the row's file, or reported it as
    empty, for the run's county or the country this school year.
    """
    heeded = JOBS[job].heeds if job in JOBS else ()
    if not heeded:
        return {}
    query = (
        select(OccurrenceRow.deliverable, func.max(OccurrenceRow.outcome_at))
        .where(
            OccurrenceRow.deliverable.in_(heeded),
            OccurrenceRow.cycle == cycle,
            OccurrenceRow.scope.in_((scope, NATIONAL)),
            OccurrenceRow.outcome.in_(WORD),
        )
        .group_by(OccurrenceRow.deliverable)
    )
    said = {
        deliverable: at.astimezone(OSLO).date().isoformat()
        for deliverable, at in session.execute(query)
        if at
    }
    return {"by_word": said} if said else {}
