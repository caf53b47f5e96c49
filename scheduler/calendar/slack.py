"""Slack: the working days to spare between what must come first and what waits for it."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.dependency import Dependency
from scheduler.calendar.expansion import Dated, Place, counties_apart
from scheduler.calendar.kinds import Strength
from scheduler.calendar.model import Calendar
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.workdays import DAY, Shift, Workdays


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One dated stage of a row in a chain.

    `done_by` is the last day it may be done without delaying anything after it, `start_by` the
    last working day its own work may begin; both are None until the chain is known.
    """

    due: date
    deliverable: str
    stage: str
    cycle: str
    done_by: date | None = None
    start_by: date | None = None


@dataclass(frozen=True, slots=True)
class Slack:
    """One edge between dated steps in one place, and the working days to spare on it.

    `working_days` lie after the first due date, up to and including the second; the work takes
    `lead` of them. `county` is None for all counties without dates of their own.
    """

    county: str | None
    before: Step
    after: Step
    edge: Dependency
    working_days: int
    lead: int

    @property
    def days(self) -> int:
        """Working days to spare; negative when the dates leave too few."""
        return self.working_days - self.lead

    @property
    def is_fault(self) -> bool:
        """Too tight, on an order that must hold, and nobody has said why that is accepted."""
        return self.days < 0 and self.edge.strength is Strength.HARD and not self.edge.tight


@dataclass(frozen=True, slots=True)
class Chain:
    """What leads up to one final step, along the way with the least to spare."""

    steps: tuple[Step, ...]
    links: tuple[Slack, ...]

    @property
    def smallest(self) -> Slack:
        return min(self.links, key=lambda link: link.days)


def slack(calendar: Calendar, cycle: str, county: str | None = None) -> list[Chain]:
    """The chains of a school year in a county, the tightest first; a repeated final step once."""
    place = _place(calendar, SchoolYear(cycle), county)
    into: dict[Step, list[Slack]] = {}
    for link in links(place):
        into.setdefault(link.after, []).append(link)
    waited_for = {link.before for found in into.values() for link in found}
    ways: dict[Step, tuple[Slack, ...]] = {}
    for step in into:
        _way_to(step, into, ways)
    finals = sorted(ways.keys() - waited_for, key=lambda step: (_least(ways[step]), step.due))
    once: dict[str, Chain] = {}
    for final in finals:
        once.setdefault(final.deliverable, _chain(ways[final], place))
    return list(once.values())


def tightest(calendar: Calendar, cycle: str) -> Slack | None:
    """The edge with the least to spare in any county; None for a calendar without an order."""
    return min(everywhere(calendar, cycle), key=lambda link: link.days, default=None)


def everywhere(calendar: Calendar, cycle: str) -> Iterator[Slack]:
    """Every edge in the places whose dates may differ: the counties with dates of their own, and one more."""
    for county in (None, *sorted(counties_apart(calendar))):
        yield from links(_place(calendar, SchoolYear(cycle), county))


def _place(calendar: Calendar, year: SchoolYear, county: str | None) -> Place:
    return Place(calendar, year, county if county in counties_apart(calendar) else None)


def links(place: Place, into: str | None = None) -> Iterator[Slack]:
    """Every edge between dated steps of a place, or those into one row; inactive rows have none.

    Where what comes first is due several times, the last one due no later than what waits counts.
    """
    earlier = Place(place.calendar, place.year.previous, place.county)
    rows = place.calendar.deliverables
    for row in (rows[into],) if into else rows.values():
        for edge in row.depends_on if row.is_active else ():
            first = rows.get(edge.deliverable)
            if first and first.is_active:
                yield from _along(place, earlier if edge.cycle == "previous" else place, row, edge)


def _along(place: Place, other: Place, row: Deliverable, edge: Dependency) -> Iterator[Slack]:
    firsts = [dated for dated in other.dated(edge.deliverable) if edge.stage in {None, dated.stage}]
    firsts.sort(key=lambda dated: dated.due)
    always = not row.recurring and len(firsts) == 1
    for dated in place.dated(row.id):
        count = bisect_right([first.due for first in firsts], dated.due)
        first = firsts[0] if always else firsts[count - 1] if count else None
        if first:
            yield Slack(
                county=place.county,
                before=_step(edge.deliverable, first, other),
                after=_step(row.id, dated, place),
                edge=edge,
                working_days=place.workdays.between(first.due, dated.due),
                lead=row.lead_days,
            )


def _step(name: str, dated: Dated, place: Place) -> Step:
    return Step(dated.due, name, dated.stage, str(place.year))


def _least(way: tuple[Slack, ...]) -> int:
    return min(link.days for link in way)


def _way_to(
    step: Step, into: Mapping[Step, list[Slack]], ways: dict[Step, tuple[Slack, ...]]
) -> tuple[Slack, ...]:
    """Of the ways to a step, the one with the least to spare anywhere; the longest of equals."""
    if step not in ways and step in into:
        ways[step] = ()  # a ring of soft orders ends where it began
        candidates = [(*_way_to(link.before, into, ways), link) for link in into[step]]
        ways[step] = min(candidates, key=lambda way: (_least(way), -len(way)))
    return ways.get(step, ())


def _chain(way: tuple[Slack, ...], place: Place) -> Chain:
    """The way with its steps, and from the last step backwards the days each must be done by."""
    steps: list[Step] = []
    latest = way[-1].after.due
    for step in (way[-1].after, *(link.before for link in reversed(way))):
        done_by = step.due if step.due <= latest else _back(latest, 0, place.workdays)
        lead = place.calendar.deliverables[step.deliverable].lead_days
        start_by = _back(done_by, max(lead - 1, 0), place.workdays)
        steps.insert(0, replace(step, done_by=done_by, start_by=start_by))
        latest = start_by - DAY if lead else done_by
    return Chain(tuple(steps), way)


def _back(day: date, working_days: int, workdays: Workdays) -> date:
    """The working day that many before `day`, counted from the last working day up to it."""
    return workdays.add(workdays.shift(day, Shift.PRECEDING), -working_days)
