"""Silences: a role says that it is on the matter, or wants peace until a day."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import long_date, nearest
from scheduler.ledger.runs import LedgerError, occurrence_row
from scheduler.ledger.tables import OccurrenceRow
from scheduler.notify.tables import SilenceRow


def acknowledge(
    session: Session, calendar: Calendar, key: str, role: str, actor: str, now: datetime
) -> SilenceRow:
    """«Vi er i gang»: the next reminder before the deadline is left out. Raises LedgerError."""
    _open_row(session, calendar, key, role)
    return _write(session, key, role, "acknowledge", None, actor, now)


def snooze(
    session: Session,
    calendar: Calendar,
    key: str,
    role: str,
    until: date,
    actor: str,
    now: datetime,
) -> SilenceRow:
    """No reminders before `until`, which lies ahead and not after the deadline; or LedgerError."""
    row = _open_row(session, calendar, key, role)
    if until <= now.astimezone(OSLO).date():
        raise LedgerError(f"{long_date(until)} er ikke fram i tid. Velg en senere dag.")
    if until > row.due:
        raise LedgerError(
            f"Fristen er {long_date(row.due)}, og påminnelser kan ikke utsettes forbi den. Velg en "
            "dag til og med fristen."
        )
    return _write(session, key, role, "snooze", until, actor, now)


def _open_row(session: Session, calendar: Calendar, key: str, role: str) -> OccurrenceRow:
    row = occurrence_row(session, key)
    if row.outcome is not None:
        raise LedgerError(
            f"«{key}» er alt avsluttet ({row.outcome}); det kommer ingen påminnelser."
        )
    deliverable = calendar.deliverables.get(row.deliverable)
    roles = deliverable.audience if deliverable else ()
    if role not in roles:
        raise LedgerError(f"Rollen «{role}» har ikke fristen «{key}».{nearest(role, roles)}")
    return row


def _write(
    session: Session,
    key: str,
    role: str,
    kind: str,
    until: date | None,
    actor: str,
    now: datetime,
) -> SilenceRow:
    row = SilenceRow(occurrence_key=key, role=role, kind=kind, until=until, actor=actor, at=now)
    session.add(row)
    session.flush()
    return row
