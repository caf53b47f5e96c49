"""Read: the ledger as the site sees it, in frozen values; nothing here writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, Deliverable, parse_calendar
from scheduler.calendar.kinds import Activity
from scheduler.calendar.occurrence import OSLO, DateStatus, Occurrence, TraceStep
from scheduler.calendar.silence import quiet_until, waits
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.arrivals import Foresight
from scheduler.ledger.once import once
from scheduler.ledger.pause import Pause, longest
from scheduler.ledger.pausing import covering, holding
from scheduler.ledger.planned import open_before
from scheduler.ledger.predecessors import PlannedByRow, awaited
from scheduler.ledger.risk import LOOKS_AHEAD
from scheduler.ledger.runs import LedgerError, newest_state
from scheduler.ledger.sent import unconfirmed
from scheduler.ledger.state import NEAR_WORKING_DAYS, Standing, State, Status, closed, status_of
from scheduler.ledger.tables import CalendarVersion, OccurrenceRow
from scheduler.ledger.views import Item

# The trace is left out: it is most of a row's bytes, and only the occurrence page reads it.
_COLUMNS = (
    OccurrenceRow.key,
    OccurrenceRow.deliverable,
    OccurrenceRow.cycle,
    OccurrenceRow.stage,
    OccurrenceRow.scope,
    OccurrenceRow.nominal,
    OccurrenceRow.due,
    OccurrenceRow.reference_date,
    OccurrenceRow.opens,
    OccurrenceRow.clock_time,
    OccurrenceRow.date_status,
    OccurrenceRow.outcome,
    OccurrenceRow.outcome_at,
    OccurrenceRow.due_when_settled,
    OccurrenceRow.clock_when_settled,
    newest_state().label("run_state"),
    unconfirmed().label("sent"),
)
# Nothing but the calendar's plan is told of what is open and lies further ahead than any estimate.
_FAR = Status(State.PLANNED)
# Rows of a few school years. What is kept follows from the columns it is kept by, and from nothing else.
KEPT = 16_384
_occurrence = lru_cache(maxsize=KEPT)(Occurrence)


@lru_cache(maxsize=4)
def _parsed(text: str) -> Calendar:
    return parse_calendar(text, "calendar.yaml")


@once
def version_in_use(session: Session) -> str | None:
    """The text of the calendar in use, or None before the first plan."""
    newest = select(CalendarVersion.text).order_by(CalendarVersion.number.desc())
    return session.scalar(newest.limit(1))


def current_calendar(session: Session) -> Calendar | None:
    """The calendar in use, or None before the first plan."""
    text = version_in_use(session)
    return None if text is None else _parsed(text)


def published_calendar(session: Session) -> Calendar:
    """The calendar in use; raises LedgerError before the first plan."""
    if (calendar := current_calendar(session)) is None:
        raise LedgerError("Ingen kalender er publisert ennå. Kjør `aarshjul plan`.")
    return calendar


def cycles(session: Session) -> list[str]:
    """The school years the ledger holds, oldest first."""
    years = select(OccurrenceRow.cycle).distinct().order_by(OccurrenceRow.cycle)
    return list(session.scalars(years))


def items(
    session: Session,
    calendar: Calendar,
    cycle: str,
    now: datetime,
    scopes: Collection[str] | None = None,
) -> list[Item]:
    """Every occurrence of a cycle, or of some scopes, that is not withdrawn, by due date."""
    wanted = [OccurrenceRow.cycle == cycle, OccurrenceRow.outcome.is_distinct_from("withdrawn")]
    if scopes is not None:
        wanted.append(OccurrenceRow.scope.in_(scopes))
    return items_where(session, calendar, now, *wanted)


def items_where(
    session: Session, calendar: Calendar, now: datetime, *conditions: ColumnElement[bool]
) -> list[Item]:
    """The occurrences that meet the conditions, with their status, by due date."""
    query = select(*_COLUMNS).where(*conditions).order_by(OccurrenceRow.due, OccurrenceRow.key)
    rows = session.execute(query).all()
    around = _around(session, calendar, now, [row for row in rows if _waits(calendar, row)])
    return [_item(row, around) for row in rows]


@dataclass(frozen=True, slots=True)
class _Around:
    """What else than its own row decides where an occurrence stands."""

    calendar: Calendar
    now: datetime
    today: date
    near: date
    foreseen: date
    open: PlannedByRow
    pauses: tuple[Pause, ...]
    foresight: Foresight


def _around(session: Session, calendar: Calendar, now: datetime, waiting: list[Any]) -> _Around:
    """What decides it for the rows that wait for work; nothing is asked for what lies far ahead."""
    today = now.astimezone(OSLO).date()
    near = Workdays({}).add(today, NEAR_WORKING_DAYS)
    held = [row for row in waiting if row.due <= near]
    return _Around(
        calendar,
        now,
        today,
        near,
        Workdays({}).add(today, LOOKS_AHEAD),
        open_before(session, calendar, now, {(row.deliverable, row.cycle) for row in held}),
        holding(session, now),
        Foresight(session, calendar, waiting, now),
    )


def _waits(calendar: Calendar, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether it is open, and a job is to do it."""
    deliverable = calendar.deliverables.get(row.deliverable)
    return row.outcome is None and bool(deliverable and deliverable.job)


def _item(row: Row[*tuple[Any, ...]], around: _Around) -> Item:
    deliverable = around.calendar.deliverables.get(row.deliverable)
    status = _status(row, deliverable, around)
    return Item(occurrence_of(row), deliverable, row.outcome, row.outcome_at, status)


def _status(row: Row[*tuple[Any, ...]], deliverable: Deliverable | None, around: _Around) -> Status:
    settled = _closed(
        row.due,
        row.clock_time,
        bool(deliverable and deliverable.job),
        bool(deliverable and deliverable.activity is not Activity.YES),
        row.outcome,
        row.outcome_at,
        row.run_state,
        row.due_when_settled,
        row.clock_when_settled,
    )
    if settled is not None:
        return settled
    if row.due > around.foreseen and row.run_state is None and not row.sent:
        return _FAR
    return status_of(_standing(row, deliverable, around), around.now, around.near)


@lru_cache(maxsize=KEPT)
def _closed(
    due: date,
    clock_time: str,
    tracked: bool,
    informs: bool,
    outcome: str | None,
    outcome_at: datetime | None,
    run_state: str | None,
    due_when_settled: date | None,
    clock_when_settled: str,
) -> Status | None:
    """What is closed stands where it stands, whatever the time; None for what is open."""
    return closed(
        Standing(
            due,
            clock_time,
            tracked,
            informs,
            outcome,
            outcome_at,
            run_state,
            due_when_settled=due_when_settled,
            clock_when_settled=clock_when_settled,
        )
    )


def _standing(
    row: Row[*tuple[Any, ...]], deliverable: Deliverable | None, around: _Around
) -> Standing:
    """Where an open occurrence that a job is to do stands."""
    occurrence, calendar, now = occurrence_of(row), around.calendar, around.now
    quiet = quiet_until(calendar, deliverable, now) if row.due <= around.today else None
    return Standing(
        due=row.due,
        clock_time=row.clock_time,
        run_state=row.run_state,
        awaits=awaited(occurrence, calendar, around.open) if row.due <= around.near else (),
        pause=longest(covering(around.pauses, row.deliverable, row.scope, calendar)),
        quiet=waits(quiet, now) if quiet else "",
        grace_until=deliverable.grace_until(row.due) if deliverable else None,
        sent=row.sent,
        risk=around.foresight.of(occurrence),
    )


def occurrence_of(
    row: OccurrenceRow | Row[*tuple[Any, ...]], trace: Iterable[dict[str, Any]] = ()
) -> Occurrence:
    """A ledger row as the calendar knows it, with the derivation of its dates if given."""
    plain = _occurrence(
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
    )
    steps = tuple(TraceStep.from_json(step) for step in trace)
    return replace(plain, trace=steps) if steps else plain


def items_of(
    session: Session, calendar: Calendar, keys: Iterable[str], now: datetime
) -> tuple[Item, ...]:
    """The occurrences with these keys that there are, by due date."""
    wanted = list(keys)
    return (
        tuple(items_where(session, calendar, now, OccurrenceRow.key.in_(wanted))) if wanted else ()
    )
