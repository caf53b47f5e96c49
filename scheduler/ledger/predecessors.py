"""Predecessors: which occurrences must be finished before another one, by the calendar's edges."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.calendar import Calendar, Deliverable, Dependency, SchoolYear
from scheduler.calendar.occurrence import NATIONAL, Occurrence


@dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence as the edges see it: its identity, and whether it is still open."""

    key: str
    stage: str
    due: date
    open: bool


PlannedByRow = dict[tuple[str, str], dict[str, list[Planned]]]
"""(deliverable, cycle) -> scope -> what is planned there."""


def by_row(planned: Iterable[tuple[str, str, str, Planned]]) -> PlannedByRow:
    """What is planned, with its deliverable, cycle and scope, as the edges find it.

    A year has hundreds of thousands of pairs of occurrences; only those that can meet are looked at.
    """
    found: PlannedByRow = defaultdict(lambda: defaultdict(list))
    for deliverable, cycle, scope, each in planned:
        found[deliverable, cycle][scope].append(each)
    return found


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
        for candidate in _reached(
            planned.get((edge.deliverable, cycle_of(edge, occurrence.cycle)), {}), occurrence.scope
        )
        if _meant(edge, candidate, occurrence)
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


def cycle_of(edge: Dependency, cycle: str) -> str:
    """The school year an edge leads to from another."""
    return cycle if edge.cycle == "this" else SchoolYear(cycle).previous


def _reached(row: dict[str, list[Planned]], scope: str) -> Iterator[Planned]:
    """A county's own and the nation's, or for a national occurrence everybody's."""
    scopes = row if scope == NATIONAL else (scope, NATIONAL)
    return (each for other in scopes for each in row.get(other, ()))
