"""Placing: where each occurrence that was read from the ledger stands, at an instant."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.kinds import Activity
from scheduler.calendar.occurrence import OSLO, DateStatus, Occurrence, TraceStep
from scheduler.calendar.same import Same
from scheduler.calendar.silence import quiet_until, waits
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.arrivals import Foresight
from scheduler.ledger.pause import Pause, longest
from scheduler.ledger.pausing import covering, holding
from scheduler.ledger.planned import open_before
from scheduler.ledger.predecessors import PlannedByRow, awaited
from scheduler.ledger.risk import LOOKS_AHEAD
from scheduler.ledger.runs import newest_state
from scheduler.ledger.sent import unconfirmed
from scheduler.ledger.state import NEAR_WORKING_DAYS, Standing, State, Status, closed, status_of
from scheduler.ledger.tables import OccurrenceRow
from scheduler.ledger.views import Item

# The rows of a few school years.
KEPT = 16_384
_PLANNED = Status(State.PLANNED)


class Columns(NamedTuple):
    """What is read of an occurrence; the trace, most of a row's bytes, only its own page reads."""

    deliverable: str
    cycle: str
    stage: str
    scope: str
    nominal: date
    due: date
    reference_date: date | None
    opens: date | None
    clock_time: str
    date_status: str
    outcome: str | None
    outcome_at: datetime | None
    due_when_settled: date | None
    clock_when_settled: str
    run_state: str | None
    sent: bool


COLUMNS = (
    *(getattr(OccurrenceRow, name) for name in Columns._fields[:-2]),
    newest_state().label("run_state"),
    unconfirmed().label("sent"),
)
"""The same as a question to the ledger."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What else than its own row decides where an open occurrence stands.

    `near` is the last day that is.
    """

    now: datetime
    today: date
    near: date
    open: PlannedByRow
    pauses: tuple[Pause, ...]
    foresight: Foresight


def placed(
    session: Session, calendar: Calendar, rows: Iterable[Sequence[Any]], now: datetime
) -> list[Item]:
    """Rows of COLUMNS as the site shows them."""
    told = [Columns._make(row) for row in rows]
    foreseen = Workdays({}).add(now.astimezone(OSLO).date(), LOOKS_AHEAD)
    followed = {row.id for row in calendar.deliverables.values() if row.followed}
    moves = [row.deliverable in followed and _moves(row, foreseen) for row in told]
    around = _around(session, calendar, list(compress(told, moves)), now)
    at_rest = _keeper(Same(calendar))
    return [
        _moving(calendar, row, around) if moving else at_rest(row)
        for row, moving in zip(told, moves, strict=True)
    ]


def _around(
    session: Session, calendar: Calendar, moving: Sequence[Columns], now: datetime
) -> _Around:
    """What is asked for those that move, and for no others."""
    today = now.astimezone(OSLO).date()
    near = Workdays({}).add(today, NEAR_WORKING_DAYS)
    held = {(row.deliverable, row.cycle) for row in moving if row.due <= near}
    return _Around(
        now,
        today,
        near,
        open_before(session, calendar, now, held),
        holding(session, now) if moving else (),
        Foresight(session, calendar, moving, now),
    )


def _moves(row: Columns, foreseen: date) -> bool:
    """Whether the hour, its run or others decide where ours stands: it is open and not far ahead."""
    return row.outcome is None and bool(row.due <= foreseen or row.run_state or row.sent)


@lru_cache(maxsize=4)
def _keeper(same: Same) -> Callable[[Columns], Item]:
    """The items of a calendar that no hour moves, most of a school year, each kept by its columns."""

    @lru_cache(maxsize=KEPT)
    def at_rest(row: Columns) -> Item:
        deliverable = same.calendar.deliverables.get(row.deliverable)
        status = closed(_standing(deliverable, row)) or _PLANNED
        return _item(deliverable, row, occurrence_of(row), status)

    return at_rest


def _moving(calendar: Calendar, row: Columns, around: _Around) -> Item:
    occurrence, deliverable = occurrence_of(row), calendar.deliverables[row.deliverable]
    quiet = quiet_until(calendar, deliverable, around.now) if row.due <= around.today else None
    standing = _standing(
        deliverable,
        row,
        awaits=awaited(occurrence, calendar, around.open) if row.due <= around.near else (),
        pause=longest(covering(around.pauses, row.deliverable, row.scope, calendar)),
        quiet=waits(quiet, around.now) if quiet else "",
        grace_until=deliverable.grace_until(row.due),
        risk=around.foresight.of(occurrence),
    )
    return _item(deliverable, row, occurrence, status_of(standing, around.now, around.near))


def _item(
    deliverable: Deliverable | None, row: Columns, occurrence: Occurrence, status: Status
) -> Item:
    return Item(occurrence, deliverable, row.outcome, row.outcome_at, status)


def _standing(deliverable: Deliverable | None, row: Columns, **beside: Any) -> Standing:
    """What its own row says of where it stands, and what is said beside it."""
    return Standing(
        due=row.due,
        clock_time=row.clock_time,
        tracked=bool(deliverable and deliverable.followed),
        informs=bool(deliverable and deliverable.activity is not Activity.YES),
        outcome=row.outcome,
        outcome_at=row.outcome_at,
        run_state=row.run_state,
        due_when_settled=row.due_when_settled,
        clock_when_settled=row.clock_when_settled,
        sent=row.sent,
        **beside,
    )


def occurrence_of(row: Any, trace: Iterable[dict[str, Any]] = ()) -> Occurrence:
    """A ledger row as the calendar knows it, with the derivation of its dates if given."""
    return Occurrence(
        row.deliverable,
        row.cycle,
        row.stage,
        row.scope,
        row.nominal,
        row.due,
        row.reference_date,
        row.opens,
        row.clock_time,
        DateStatus(row.date_status),
        tuple(TraceStep.from_json(step) for step in trace),
    )
