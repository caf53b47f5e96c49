"""Arrivals: when each county's delivery of a deadline came in earlier school years, from the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

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


def arrivals(
    session: Session, deliverables: Collection[str], cycles: Collection[str], now: datetime
) -> dict[Turn, list[Arrival]]:
    """The arrivals of these rows in these school years: what was done, and what never came.

    What was waived, withdrawn or reported as nothing tells nothing; what is not due yet neither.
    """
    return _arrivals(session, _counted(session, deliverables, cycles, now))


def _arrivals(session: Session, counted: Iterable[_Counted]) -> dict[Turn, list[Arrival]]:
    found: dict[Turn, list[Arrival]] = defaultdict(list)
    for row in counted:
        if row.outcome is None:
            found[turn_of(row)] += [Arrival(row.cycle, row.scope, NEVER)] * row.overdue
        elif row.days_to_spare is None:
            found[turn_of(row)] += _settled_before(session, row)
        else:
            arrival = Arrival(row.cycle, row.scope, row.days_to_spare)
            found[turn_of(row)] += [arrival] * row.times
    return found


def _settled_before(session: Session, counted: _Counted) -> list[Arrival]:
    """What a node of the release before settled, which wrote no days to spare."""
    rows = select(OccurrenceRow).where(
        OccurrenceRow.deliverable == counted.deliverable,
        OccurrenceRow.cycle == counted.cycle,
        OccurrenceRow.scope == counted.scope,
        OccurrenceRow.outcome == "done",
        OccurrenceRow.days_to_spare.is_(None),
    )
    return [
        Arrival(row.cycle, row.scope, days_to_spare(row.outcome_at, row))
        for row in session.scalars(rows)
        if row.outcome_at
    ]


def _counted(
    session: Session, deliverables: Collection[str], cycles: Collection[str], now: datetime
) -> list[_Counted]:
    """How often each county had so many days to spare; weekly rows have hundreds of turns alike.

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
    return list(session.execute(query))


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
    counted = _counted(session, [occurrence.deliverable], years, now)
    found = _arrivals(session, counted)[turn]
    known = [arrival for arrival in found if arrival.cycle != cycle]
    if not known:
        return ()
    came = [a.days for a in found if a.cycle == cycle and a.days != NEVER]
    of_all = sum(row.times for row in counted if row.cycle == cycle and turn_of(row) == turn)
    return (*curves(known), Curve(cycle, tuple(came), of_all))


class Foresight:
    """The risks at an instant, of the occurrences that lie near enough; one look at the years before."""

    def __init__(
        self, session: Session, calendar: Calendar, rows: Iterable[Any], now: datetime
    ) -> None:
        self._calendar, self._today = calendar, now.astimezone(OSLO).date()
        last = _PUBLIC.add(self._today, LOOKS_AHEAD)
        near = [row for row in rows if row.outcome is None and self._today <= row.due <= last]
        self._known = {
            (cycle, turn): Known.of(found)
            for cycle in {row.cycle for row in near}
            for turn, found in arrivals(
                session,
                {row.deliverable for row in near if row.cycle == cycle},
                cycles_before(cycle),
                now,
            ).items()
        }

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


def days_left(today: date, due: date) -> int:
    """Public working days from today to the deadline; less than none when it has passed."""
    left = working_days(today, due)
    return left if today <= due else min(left, -1)
