"""Arrivals: when each county's delivery of a deadline came in earlier school years, from the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.occurrence import NATIONAL, OSLO, Occurrence
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.risk import LOOKS_AHEAD, NEVER, Arrival, Curve, Known, Risk, assess, curves
from scheduler.ledger.state import deadline
from scheduler.ledger.tables import OccurrenceRow

# Older years tell of other people and other systems.
YEARS_BACK = 5
Turn = tuple[str, str]
"""A deliverable and its stage; "" is every turn of one that recurs."""
_PUBLIC = Workdays({})
# Years of weekly deliveries ask about few pairs of days, again and again.
_working_days = lru_cache(maxsize=10_000)(_PUBLIC.between)


def turn_of(row: Any) -> Turn:
    """What is compared over the years: a recurring row's turns are taken together."""
    return row.deliverable, "" if row.stage.isdigit() else row.stage


def arrivals(
    session: Session, deliverables: Collection[str], cycles: Collection[str], now: datetime
) -> dict[Turn, list[Arrival]]:
    """The arrivals of these rows in these school years: what was done, and what never came.

    What was waived, withdrawn or reported as nothing tells nothing; what is not due yet neither.
    """
    query = select(
        OccurrenceRow.deliverable,
        OccurrenceRow.cycle,
        OccurrenceRow.stage,
        OccurrenceRow.scope,
        OccurrenceRow.due,
        OccurrenceRow.clock_time,
        OccurrenceRow.outcome,
        OccurrenceRow.outcome_at,
        OccurrenceRow.due_when_settled,
        OccurrenceRow.clock_when_settled,
    ).where(
        OccurrenceRow.deliverable.in_(deliverables),
        OccurrenceRow.cycle.in_(cycles),
        OccurrenceRow.outcome.is_(None) | (OccurrenceRow.outcome == "done"),
    )
    found: dict[Turn, list[Arrival]] = defaultdict(list)
    for row in session.execute(query.order_by(OccurrenceRow.due, OccurrenceRow.key)):
        days = _days(row, now)
        if days is not None:
            found[turn_of(row)].append(Arrival(row.cycle, row.scope, days))
    return found


def _days(row: Row[*tuple[Any, ...]], now: datetime) -> int | None:
    """Working days to spare when it came; NEVER when it is overdue, None when it is not due yet."""
    if row.outcome is None:
        return NEVER if now > deadline(row.due, row.clock_time) else None
    due = row.due_when_settled or row.due
    clock = row.clock_when_settled if row.due_when_settled else row.clock_time
    came = row.outcome_at.astimezone(OSLO).date()
    spare = _working_days(came, due)
    # On a day off after the deadline, or later on the day than its hour, no working day has passed.
    return min(spare, -1) if row.outcome_at > deadline(due, clock) else max(spare, 0)


def cycles_before(cycle: str) -> list[str]:
    """The school years that are looked back on, the newest first."""
    first = SchoolYear(cycle).start_year
    return [str(SchoolYear.starting(first - back)) for back in range(1, YEARS_BACK + 1)]


def curves_of(session: Session, occurrence: Occurrence, now: datetime) -> tuple[Curve, ...]:
    """How an occurrence's deadline came in year by year, its own last; empty without earlier years."""
    before = cycles_before(occurrence.cycle)
    known = arrivals(session, [occurrence.deliverable], before, now)[turn_of(occurrence)]
    if not known:
        return ()
    now_coming = arrivals(session, [occurrence.deliverable], [occurrence.cycle], now)
    came = [a.days for a in now_coming[turn_of(occurrence)] if a.days != NEVER]
    of_all = select(func.count()).where(
        OccurrenceRow.deliverable == occurrence.deliverable,
        OccurrenceRow.cycle == occurrence.cycle,
        OccurrenceRow.outcome.is_(None) | (OccurrenceRow.outcome == "done"),
    )
    if not occurrence.recurs:
        of_all = of_all.where(OccurrenceRow.stage == occurrence.stage)
    own = Curve(occurrence.cycle, tuple(came), session.scalar(of_all) or 0)
    return (*curves(known), own)


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
    left = _working_days(today, due)
    return left if today <= due else min(left, -1)
