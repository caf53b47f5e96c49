"""Arrivals: when each county's delivery of a deadline came in earlier school years, from the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.occurrence import NATIONAL, OSLO, Occurrence
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.deadline import days_to_spare, working_days
from scheduler.ledger.risk import LOOKS_AHEAD, NEVER, Arrival, Curve, Known, Risk, assess, curves
from scheduler.ledger.tables import OccurrenceRow

# Older years tell of other people and other systems.
YEARS_BACK = 5
Turn = tuple[str, str]
"""A deliverable and its stage; "" is every turn of one that recurs."""
_Counted = Row[*tuple[Any, ...]]
_PUBLIC = Workdays({})


def turn_of(row: Any) -> Turn:
    """What is compared over the years: a recurring row's turns are taken together."""
    return row.deliverable, "" if row.stage.isdigit() else row.stage


class Alike(NamedTuple):
    """The turns of a county in a school year that came with so many days to spare.

    `days` is NEVER for what is overdue, and None for what is not due yet.
    """

    turn: Turn
    cycle: str
    scope: str
    days: int | None
    times: int

    @property
    def arrivals(self) -> list[Arrival]:
        if self.days is None:
            return []
        return [Arrival(self.cycle, self.scope, self.days)] * self.times


def alike_arrivals(
    session: Session, deliverables: Collection[str], cycles: Collection[str], now: datetime
) -> list[Alike]:
    """How often each county had so many days to spare; weekly rows have hundreds of turns alike.

    What was waived, withdrawn or reported as nothing tells nothing; what is not due yet neither.

    In one school year a row has one stage, or numbers; either is told by its last.
    """
    same = (
        OccurrenceRow.deliverable,
        OccurrenceRow.cycle,
        OccurrenceRow.scope,
        OccurrenceRow.outcome,
        OccurrenceRow.days_to_spare,
    )
    query = (
        select(
            *same,
            func.max(OccurrenceRow.stage).label("stage"),
            func.count().label("times"),
            func.sum(case((_overdue(now), 1), else_=0)).label("overdue"),
        )
        .where(
            OccurrenceRow.deliverable.in_(deliverables),
            OccurrenceRow.cycle.in_(cycles),
            OccurrenceRow.outcome.is_(None) | (OccurrenceRow.outcome == "done"),
        )
        .group_by(*same)
    )
    session.flush()  # what is asked of the connection alone does not do it by itself
    rows = session.connection().execute(query).all()
    return [alike for row in rows for alike in _told(session, row)]


def _told(session: Session, row: Row[*tuple[Any, ...]]) -> list[Alike]:
    turn, place = turn_of(row), (row.cycle, row.scope)
    if row.outcome is None:
        ahead = Alike(turn, *place, None, row.times - row.overdue)
        return [Alike(turn, *place, NEVER, row.overdue), ahead]
    if row.days_to_spare is None:
        return [Alike(turn, *place, days, 1) for days in _settled_before(session, row)]
    return [Alike(turn, *place, row.days_to_spare, row.times)]


def _settled_before(session: Session, row: Row[*tuple[Any, ...]]) -> list[int]:
    """The days of what a node of the release before settled, which wrote down none."""
    rows = select(OccurrenceRow).where(
        OccurrenceRow.deliverable == row.deliverable,
        OccurrenceRow.cycle == row.cycle,
        OccurrenceRow.scope == row.scope,
        OccurrenceRow.outcome == "done",
        OccurrenceRow.days_to_spare.is_(None),
    )
    return [days_to_spare(a.outcome_at, a) for a in session.scalars(rows) if a.outcome_at]


@lru_cache(maxsize=256)
def _known(counted: tuple[Alike, ...]) -> Known:
    """Kept by the counts that it is made of: most days bring no other."""
    return Known.of(arrival for alike in counted for arrival in alike.arrivals)


def _overdue(now: datetime) -> ColumnElement[bool]:
    """`deadline` as a question to the database: whether `now` is after it."""
    local = now.astimezone(OSLO)
    # Hours and minutes compare as text; in the minute of a deadline it is over after its first instant.
    begun = ":" if local.second or local.microsecond else ""
    return (OccurrenceRow.due < local.date()) | (
        (OccurrenceRow.due == local.date())
        & (OccurrenceRow.clock_time != "")
        & (OccurrenceRow.clock_time < f"{local:%H:%M}{begun}")
    )


def cycles_before(cycle: str) -> list[str]:
    """The school years that are looked back on, the newest first."""
    first = SchoolYear(cycle).start_year
    return [str(SchoolYear.starting(first - back)) for back in range(1, YEARS_BACK + 1)]


def curves_of(session: Session, occurrence: Occurrence, now: datetime) -> tuple[Curve, ...]:
    """How an occurrence's deadline came in year by year, its own last; empty without earlier years."""
    cycle, turn = occurrence.cycle, turn_of(occurrence)
    years = [*cycles_before(cycle), cycle]
    counted = alike_arrivals(session, [occurrence.deliverable], years, now)
    found = [alike for alike in counted if alike.turn == turn]
    own = [alike for alike in found if alike.cycle == cycle]
    known = [arrival for alike in found if alike.cycle != cycle for arrival in alike.arrivals]
    if not known:
        return ()
    came = tuple(a.days for alike in own for a in alike.arrivals if a.days != NEVER)
    return (*curves(known), Curve(cycle, came, sum(alike.times for alike in own)))


class Foresight:
    """The risks at an instant, of the occurrences that lie near enough; one look at the years before."""

    def __init__(
        self, session: Session, calendar: Calendar, rows: Iterable[Any], now: datetime
    ) -> None:
        self._calendar, self._today = calendar, now.astimezone(OSLO).date()
        last = _PUBLIC.add(self._today, LOOKS_AHEAD)
        near = [row for row in rows if row.outcome is None and self._today <= row.due <= last]
        rows_near = {row.deliverable for row in near}
        self._known = _knowledge(session, rows_near, {row.cycle for row in near}, now)

    def of(self, occurrence: Occurrence) -> Risk | None:
        """The risk of an open occurrence; None when it is far off, overdue, or has no earlier year."""
        known = self._known.get((occurrence.cycle, turn_of(occurrence)))
        if known is None:
            return None
        left = days_left(self._today, occurrence.due)
        return assess(known, occurrence.scope, self._name(occurrence.scope), left)

    def _name(self, scope: str) -> str:
        county = self._calendar.counties.get(scope)
        return "Avsenderen" if scope == NATIONAL or county is None else county.name


def _knowledge(
    session: Session, deliverables: Collection[str], cycles: Collection[str], now: datetime
) -> dict[tuple[str, Turn], Known]:
    """What the years before each of some school years tell of some rows' turns."""
    if not cycles:
        return {}
    before = {cycle: frozenset(cycles_before(cycle)) for cycle in cycles}
    found: dict[tuple[str, Turn], list[Alike]] = defaultdict(list)
    for alike in alike_arrivals(session, deliverables, frozenset().union(*before.values()), now):
        for cycle, years in before.items():
            if alike.cycle in years:
                found[cycle, alike.turn].append(alike)
    return {of: _known(tuple(counted)) for of, counted in found.items()}


def days_left(today: date, due: date) -> int:
    """Public working days from today to the deadline; less than none when it has passed."""
    left = working_days(today, due)
    return left if today <= due else min(left, -1)
