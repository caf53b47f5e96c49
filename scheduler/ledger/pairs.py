"""Pairs: a final delivery and the first one that it comes after, in the same scope."""

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.kinds import Stage
from scheduler.calendar.occurrence import Occurrence


def other_half(calendar: Calendar, occurrence: Occurrence) -> str | None:
    """The key of the first delivery of a final one, or the final of a first; None outside a pair."""
    return half_of(calendar, occurrence.deliverable, occurrence.cycle, occurrence.scope)


def half_of(calendar: Calendar, deliverable: str, cycle: str, scope: str) -> str | None:
    """The same of one that is known by the parts of its key."""
    row = calendar.deliverables.get(deliverable)
    if row is None:
        return None
    year = SchoolYear(cycle)
    for edge in row.depends_on if row.stage is Stage.FINAL else ():
        if calendar.deliverables[edge.deliverable].stage is Stage.FIRST:
            cycle = year if edge.cycle == "this" else year.previous
            return f"{edge.deliverable}/{cycle}/{Stage.FIRST}/{scope}"
    finals = (each for each in calendar.deliverables.values() if each.stage is Stage.FINAL)
    for final in finals if row.stage is Stage.FIRST else ():
        for edge in final.depends_on:
            if edge.deliverable == row.id:
                cycle = year if edge.cycle == "this" else year.next
                return f"{final.id}/{cycle}/{Stage.FINAL}/{scope}"
    return None
