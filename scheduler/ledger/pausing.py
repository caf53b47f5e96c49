"""Pausing: begin a pause, end it, and read those there are.

A pause consumes nothing: no run, no number, no try. When it is over, the next tick decides as if it
had not been; deadlines count all the while.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.saying import Say, as_it_stands
from scheduler.calendar.words import long_date, nearest
from scheduler.ledger.once import once
from scheduler.ledger.pause import Pause
from scheduler.ledger.runs import LedgerError, decide
from scheduler.ledger.tables import PauseRow

_FIELDS = tuple(field.name for field in fields(Pause) if field.name != "number")


def begin(
    session: Session,
    calendar: Calendar,
    deliverable: str | None,
    county: str | None,
    until: date | None,
    actor: str,
    reason: str,
    now: datetime,
) -> Pause:
    """Set on hold from this instant; raises LedgerError for what there is not, or a day gone by."""
    _must_be(deliverable, calendar.deliverables, "en rad i årshjulet")
    _must_be(county, calendar.counties, "et fylkesnummer i årshjulet")
    if until is not None and until <= now.astimezone(OSLO).date():
        raise LedgerError(f"{long_date(until)} er ikke en dag som kommer. Velg en senere dag.")
    if not reason.strip():
        raise LedgerError("En pause må ha en begrunnelse (--why).")
    row = PauseRow(
        deliverable=deliverable,
        county=county,
        until=until,
        actor=actor,
        reason=reason.strip(),
        begun_at=now,
    )
    session.add(row)
    session.flush()
    decide(session, actor, "pause", None, row.reason, now, _detail(row))
    return _pause(row)


def hold_sends(session: Session, actor: str, reason: str, now: datetime) -> None:
    """Hold all that is sent, until somebody ends it; one such hold at a time is enough."""
    if any(pause.sends_only for pause in not_ended(session)):
        return
    row = PauseRow(sends_only=True, actor=actor, reason=reason, begun_at=now)
    session.add(row)
    session.flush()
    decide(session, actor, "pause", None, reason, now, _detail(row))


def _must_be(word: str | None, known: Iterable[str], noun: str) -> None:
    names = set(known)
    if word is not None and word not in names:
        raise LedgerError(f"«{word}» er ikke {noun}.{nearest(word, names)}")


def end(session: Session, number: int, actor: str, reason: str, now: datetime) -> Pause:
    """End a pause, or say that one which has run out is known; raises LedgerError otherwise."""
    row = session.get(PauseRow, number)
    if row is None:
        raise LedgerError(f"Fant ingen pause {number}. `aarshjul pauses` viser dem.")
    if row.ended_at is not None:
        raise LedgerError(f"Pause {number} er alt avsluttet av {row.ended_by}.")
    if not reason.strip():
        raise LedgerError("Å avslutte en pause må ha en begrunnelse (--why).")
    row.ended_at, row.ended_by, row.end_reason = now, actor, reason.strip()
    decide(session, actor, "resume", None, row.end_reason, now, _detail(row))
    return _pause(row)


@once
def not_ended(session: Session) -> tuple[Pause, ...]:
    """The pauses that nobody has ended, oldest first; some may have run out."""
    return _read(session, PauseRow.ended_at.is_(None))


def holding(session: Session, now: datetime) -> tuple[Pause, ...]:
    """The pauses that hold at `now`, oldest first."""
    return tuple(pause for pause in not_ended(session) if pause.holds(now))


def covering(
    pauses: Iterable[Pause], deliverable: str, scope: str, calendar: Calendar
) -> tuple[Pause, ...]:
    """Those of the pauses that an occurrence of this deliverable and scope is within."""
    row = calendar.deliverables.get(deliverable)
    sends = row is None or row.sends
    return tuple(pause for pause in pauses if pause.covers(deliverable, scope, sends=sends))


def every(session: Session) -> tuple[Pause, ...]:
    """Every pause there has been, oldest first."""
    return _read(session)


def place(pause: Pause, calendar: Calendar, say: Say = as_it_stands) -> str:
    """What is on hold: «Alt», «Vestland», «Elever og fag pr 01.10», «Elever og fag pr 01.10 i Oslo»."""
    row = calendar.deliverables.get(pause.deliverable or "")
    what = row.name if row else pause.deliverable or ""
    county = calendar.counties.get(pause.county or "")
    where = county.name if county else pause.county or ""
    everything = say("Alt som sendes,") if pause.sends_only else say("Alt")
    if what and where:
        return say("%(what)s i %(where)s") % {"what": what, "where": where}
    return what or where or everything


def sentence(pause: Pause, calendar: Calendar, called: Callable[[str], str] = str) -> str:
    """What is on hold, until when, why, by whom and since when; `called` as in `Standing.sentence`."""
    begun = long_date(pause.begun_at.astimezone(OSLO).date())
    return f"{place(pause, calendar)} er {pause.in_words} ({called(pause.actor)}, {begun})."


def _read(session: Session, *conditions: ColumnElement[bool]) -> tuple[Pause, ...]:
    query = select(PauseRow).where(*conditions).order_by(PauseRow.id)
    return tuple(_pause(row) for row in session.scalars(query))


def _pause(row: PauseRow) -> Pause:
    return Pause(row.id, **{name: getattr(row, name) for name in _FIELDS})


def _detail(row: PauseRow) -> dict[str, object]:
    return {
        "pause": row.id,
        "deliverable": row.deliverable,
        "county": row.county,
        "sends_only": row.sends_only,
        "until": row.until and row.until.isoformat(),
    }
