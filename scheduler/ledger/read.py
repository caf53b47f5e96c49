"""Read: the ledger as the site sees it, in frozen values; nothing here writes."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, parse_calendar
from scheduler.ledger.once import once
from scheduler.ledger.placing import COLUMNS, placed
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import CalendarVersion, OccurrenceRow
from scheduler.ledger.views import Item

# Thousands of rows, and never one as an object of the session.
_ROWS = select(*COLUMNS).order_by(OccurrenceRow.due, OccurrenceRow.key)
_NEWEST = select(CalendarVersion.text).order_by(CalendarVersion.number.desc()).limit(1)


@lru_cache(maxsize=4)
def _parsed(text: str) -> Calendar:
    return parse_calendar(text, "calendar.yaml")


@once
def version_in_use(session: Session) -> str | None:
    """The text of the calendar in use, or None before the first plan."""
    return session.scalar(_NEWEST)


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
    session.flush()  # what is asked of the connection alone does not do it by itself
    rows = session.connection().execute(_ROWS.where(*conditions)).all()
    return placed(session, calendar, rows, now)


def items_of(
    session: Session, calendar: Calendar, keys: Iterable[str], now: datetime
) -> tuple[Item, ...]:
    """The occurrences with these keys that there are, by due date."""
    wanted = list(keys)
    return (
        tuple(items_where(session, calendar, now, OccurrenceRow.key.in_(wanted))) if wanted else ()
    )
