"""Read: the ledger as the site sees it, in frozen values; nothing here writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, parse_calendar
from scheduler.calendar.kinds import Activity
from scheduler.calendar.occurrence import OSLO, DateStatus, Occurrence, TraceStep
from scheduler.calendar.silence import quiet_until, waits
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.arrivals import Foresight
from scheduler.ledger.once import once
from scheduler.ledger.pause import Pause, longest
from scheduler.ledger.pausing import covering, holding
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.predecessors import PlannedByRow, awaited
from scheduler.ledger.runs import LedgerError, newest_state
from scheduler.ledger.sent import unconfirmed
from scheduler.ledger.state import NEAR_WORKING_DAYS, Standing, status_of
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
    followed = [row for row in rows if _is_tracked(calendar, row)]
    around = _Around(
        calendar,
        now,
        Workdays({}).add(now.astimezone(OSLO).date(), NEAR_WORKING_DAYS),
        planned_by_row(session, calendar, now, {row.cycle for row in rows}),
        holding(session, now),
        Foresight(session, calendar, followed, now),
    )
    return [_item(row, around) for row in rows]


@dataclass(frozen=True, slots=True)
class _Around:
    """What else than its own row decides where an occurrence stands."""

    calendar: Calendar
    now: datetime
    near: date
    planned: PlannedByRow
    pauses: tuple[Pause, ...]
    foresight: Foresight


def _is_tracked(calendar: Calendar, row: Row[*tuple[Any, ...]]) -> bool:
    deliverable = calendar.deliverables.get(row.deliverable)
    return bool(deliverable and deliverable.followed)


def _item(row: Row[*tuple[Any, ...]], around: _Around) -> Item:
    occurrence, calendar, now = occurrence_of(row), around.calendar, around.now
    deliverable = calendar.deliverables.get(row.deliverable)
    tracked = _is_tracked(calendar, row)
    waits_for_work = tracked and row.outcome is None
    held = waits_for_work and row.due <= now.astimezone(OSLO).date()
    quiet = quiet_until(calendar, deliverable, now) if held else None
    standing = Standing(
        due=row.due,
        clock_time=row.clock_time,
        tracked=tracked,
        informs=bool(deliverable and deliverable.activity is not Activity.YES),
        outcome=row.outcome,
        outcome_at=row.outcome_at,
        run_state=row.run_state,
        awaits=awaited(occurrence, calendar, around.planned) if waits_for_work else (),
        due_when_settled=row.due_when_settled,
        clock_when_settled=row.clock_when_settled,
        pause=longest(covering(around.pauses, row.deliverable, row.scope, calendar)),
        quiet=waits(quiet, now) if quiet else "",
        grace_until=deliverable.grace_until(row.due) if deliverable else None,
        sent=row.sent,
        risk=around.foresight.of(occurrence) if waits_for_work else None,
    )
    status = status_of(standing, now, around.near)
    return Item(occurrence, deliverable, row.outcome, row.outcome_at, status)


def occurrence_of(
    row: OccurrenceRow | Row[*tuple[Any, ...]], trace: Iterable[dict[str, Any]] = ()
) -> Occurrence:
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


def items_of(
    session: Session, calendar: Calendar, keys: Iterable[str], now: datetime
) -> tuple[Item, ...]:
    """The occurrences with these keys that there are, by due date."""
    wanted = list(keys)
    return (
        tuple(items_where(session, calendar, now, OccurrenceRow.key.in_(wanted))) if wanted else ()
    )
