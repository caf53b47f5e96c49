"""Course: a school year's deliveries file by file, with the answers to them and their passing-on.

What belongs here the calendar says: a row that delivers, one that answers such a row, one that passes it on.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from jobs import JOBS
from jobs.statistics.deliveries import deliveries
from jobs.statistics.layout import layouts
from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger.pairs import half_of
from scheduler.ledger.predecessors import cycle_of
from scheduler.ledger.state import CLOSED, Tone
from scheduler.ledger.views import Item
from web.wheel.groups import Group, grouped

AFTER = (Kind.FEEDBACK, Kind.FORWARDING)


class Content(NamedTuple):
    """What is delivered, by its names, and to whom (the party's key, "" for nobody)."""

    names: tuple[str, ...]
    receiver: str


@dataclass(frozen=True, slots=True)
class Line:
    """A deadline in a course, in the counties that have the same day.

    `half` is the other delivery of its pair, of whichever school year: the first of a final one, the
    final of a first, what feedback answers. `passes` is what a forwarding passes on of this content, by key.
    """

    group: Group
    row: Deliverable
    half: Group | None = None
    passes: frozenset[str] = frozenset()

    @property
    def delivers(self) -> bool:
        return self.row.kind is Kind.DELIVERY


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of a content in a school year, by due date."""

    content: Content
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many deliveries there are, are finished in every county, and late or stopped in any; the next."""

    total: int
    done: int
    late: int
    next: Line | None


def rows_of(calendar: Calendar) -> list[str]:
    """The ids of the rows that belong here, whether in use or not."""
    delivering = _delivering(calendar)
    return [
        key
        for key, row in calendar.deliverables.items()
        if key in delivering or (row.kind in AFTER and _answered(row, delivering))
    ]


def other_years(calendar: Calendar, cycle: str) -> set[tuple[str, str]]:
    """The (deliverable, cycle) of the other halves that lie in another school year."""
    halves = (half_of(calendar, row, cycle, NATIONAL) for row in calendar.deliverables)
    named = {(parts[0], parts[1]) for half in halves if half and (parts := half.split("/"))}
    return {(row, year) for row, year in named if year != cycle}


def courses_of(items: Sequence[Item], calendar: Calendar, cycle: str) -> list[Course]:
    """The courses of a school year, the one that begins first before the others.

    `items` are by due date, and may hold other halves of other school years.
    """
    here = [item for item in items if item.occurrence.cycle == cycle]
    contents = {key: content_of(row) for key, row in calendar.deliverables.items()}
    passed, delivering = _passed_on(here, calendar), _delivering(calendar)
    found: dict[Content, list[Line]] = defaultdict(list)
    for group in grouped(here):
        row = calendar.deliverables[group.first.occurrence.deliverable]
        if row.kind is Kind.FORWARDING:
            keys = [key for item in group.items for key in passed.get(item.key, ())]
            for content, some in _by_content(keys, contents).items():
                found[content].append(Line(group, row, passes=frozenset(some)))
        elif row.kind is Kind.FEEDBACK:
            answered = contents[_answered(row, delivering)]
            found[answered].append(Line(group, row, _first(group, row, items)))
        else:
            found[contents[row.id]].append(Line(group, row, _half(group, calendar, items)))
    return [Course(content, tuple(lines)) for content, lines in found.items()]


def standing_of(courses: Iterable[Course], today: date) -> Standing:
    """A delivery is one however many days its counties have it on."""
    lines = [line for course in courses for line in course.lines if line.delivers]
    turns: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for line in lines:
        o = line.group.first.occurrence
        turns[o.deliverable, o.stage] += line.group.items
    coming = (line for line in lines if line.group.due >= today and not _done(line.group.items))
    return Standing(
        len(turns),
        sum(_done(items) for items in turns.values()),
        sum(any(item.status.tone is Tone.DANGER for item in items) for items in turns.values()),
        min(coming, key=lambda line: line.group.due, default=None),
    )


def content_of(row: Deliverable) -> Content:
    """The files of a row's job; without any the job, or the row itself, as it is called."""
    declared = deliveries().get(row.job or "")
    if declared:
        # A title says what the file is called, and after a colon what is in it.
        names = tuple(layouts()[file].title.partition(":")[0] for file in declared.files)
    else:
        names = (JOBS[row.job].title if row.job in JOBS else row.name,)
    return Content(names, row.receiver or "")


def _done(items: Iterable[Item]) -> bool:
    return all(item.status.state in CLOSED for item in items)


def _delivering(calendar: Calendar) -> set[str]:
    return {key for key, row in calendar.deliverables.items() if row.kind is Kind.DELIVERY}


def _answered(row: Deliverable, delivering: Container[str]) -> str:
    """The first delivery that a row comes after; "" for none."""
    return next((edge.deliverable for edge in row.depends_on if edge.deliverable in delivering), "")


def _passed_on(items: Sequence[Item], calendar: Calendar) -> Mapping[str, list[str]]:
    """Key of a forwarding's turn -> what it passes on: each goes with the first turn after its deadline."""
    rows = calendar.deliverables
    turns: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if rows[item.occurrence.deliverable].kind is Kind.FORWARDING:
            turns[item.occurrence.deliverable].append(item)
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for row, times in turns.items():
            if item.occurrence.deliverable in {edge.deliverable for edge in rows[row].depends_on}:
                after = (
                    t for t in times if t.due >= item.due and t.scope in (NATIONAL, item.scope)
                )
                if turn := next(after, None):
                    found[turn.key].append(item.key)
    return found


def _by_content(
    keys: Iterable[str], contents: Mapping[str, Content]
) -> Mapping[Content, list[str]]:
    found: dict[Content, list[str]] = defaultdict(list)
    for key in keys:
        found[contents[key.partition("/")[0]]].append(key)
    return found


def _half(group: Group, calendar: Calendar, items: Iterable[Item]) -> Group | None:
    o = group.first.occurrence
    half = half_of(calendar, o.deliverable, o.cycle, o.scope)
    if half is None:
        return None
    row, year, _, _ = half.split("/")
    return _of(row, year, group, items)


def _first(group: Group, row: Deliverable, items: Iterable[Item]) -> Group | None:
    """What feedback answers: the first of the deliveries that it comes after."""
    cycle = group.first.occurrence.cycle
    answered = (
        _of(edge.deliverable, cycle_of(edge, cycle), group, items) for edge in row.depends_on
    )
    return next((found for found in answered if found), None)


def _of(row: str, cycle: str, group: Group, items: Iterable[Item]) -> Group | None:
    """A row's deadline in the counties of a group."""
    scopes = {item.scope for item in group.items}
    members = tuple(
        item
        for item in items
        if (item.occurrence.deliverable, item.occurrence.cycle) == (row, cycle)
        and item.scope in scopes
    )
    return Group(members) if members else None
