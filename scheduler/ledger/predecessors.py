"""Predecessors: which occurrences must be finished before another one, by the calendar's edges."""

from dataclasses import dataclass
from datetime import date

from scheduler.calendar import Calendar, Deliverable, Dependency, SchoolYear
from scheduler.calendar.occurrence import NATIONAL, Occurrence


@dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence as the edges see it: its identity, and whether it is still open."""

    key: str
    stage: str
    scope: str
    due: date
    open: bool


PlannedByRow = dict[tuple[str, str], list[Planned]]
"""(deliverable, cycle) -> what is planned there."""


def before(
    occurrence: Occurrence, deliverable: Deliverable | None, planned: PlannedByRow
) -> list[tuple[Dependency, Planned]]:
    """Each edge into an occurrence, with the occurrence at its other end.

    An edge that names no stage means every turn due no later than the one that waits.
    """
    if deliverable is None:
        return []
    return [
        (edge, candidate)
        for edge in deliverable.depends_on
        for candidate in planned.get((edge.deliverable, _cycle(edge, occurrence.cycle)), [])
        if _same_scope(occurrence.scope, candidate.scope) and _meant(edge, candidate, occurrence)
    ]


def awaited(occurrence: Occurrence, calendar: Calendar, planned: PlannedByRow) -> tuple[str, ...]:
    """Names of the deliverables that must come first and have not."""
    edges = before(occurrence, calendar.deliverables.get(occurrence.deliverable), planned)
    names = {
        calendar.deliverables[edge.deliverable].name: None
        for edge, candidate in edges
        if candidate.open and edge.strength == "hard"
    }
    return tuple(names)


def _meant(edge: Dependency, candidate: Planned, occurrence: Occurrence) -> bool:
    if edge.stage is None:
        return candidate.due <= occurrence.due
    return edge.stage == candidate.stage


def _cycle(edge: Dependency, cycle: str) -> str:
    return cycle if edge.cycle == "this" else SchoolYear(cycle).previous


def _same_scope(scope: str, other: str) -> bool:
    """A county's own, the nation's, or for a national occurrence everybody's."""
    return scope == other or NATIONAL in (scope, other)
