"""Rollover: a school year's dates are approved by two persons before anything starts by itself.

An approval is bound to the dates it was given to (`dates_sha256`). The year that a database begins
with is approved by the installation. What is published while an approved year is under way keeps
it approved, and says so; a year that has not begun must be approved anew when its dates change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, Deliverable, SchoolYear, expand
from scheduler.calendar.listing import Line, lines_of
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.same import Same
from scheduler.calendar.words import count, long_date
from scheduler.ledger.itself import CARRIED, INSTALLATION
from scheduler.ledger.once import once
from scheduler.ledger.planner import lock_planning, planned_cycles
from scheduler.ledger.runs import LedgerError, decide
from scheduler.ledger.tables import ApprovalRow, DecisionRow
from scheduler.publishing.dates import dates_sha256

PERSONS = 2
WARN_DAYS = (90, 30, 0)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the approval of a school year stands.

    `actors` approved the dates as they are now; `changed` is whether older dates were approved and
    these are not. `days_left` counts to the first day, in Norway; negative when it has begun.
    """

    cycle: str
    dates_sha256: str
    actors: tuple[str, ...]
    changed: bool
    days_left: int
    shifted: tuple[Line, ...]
    undecided: tuple[Deliverable, ...]

    @property
    def approved(self) -> bool:
        return is_enough(self.actors)

    @property
    def missing(self) -> int:
        """How many persons must still approve."""
        return 0 if self.approved else PERSONS - len(self.actors)

    def sentence(self, called: Callable[[str], str] = str) -> str:
        """Skoleåret 2027–2028 venter på to godkjenninger. Det begynner 1. august 2027.

        `called` is what an actor is called to whoever reads it.
        """
        year, first_day = self.cycle.replace("-", "–"), long_date(SchoolYear(self.cycle).first_day)
        if self.approved:
            return f"Skoleåret {year} er godkjent av {' og '.join(map(called, self.actors))}."
        waits = count(self.missing, "godkjenning", "godkjenninger")
        again = " på nytt: datoene er endret siden de ble godkjent" if self.changed else ""
        begins = f"Det begynner {first_day}."
        if self.days_left <= 0:
            begins = f"Det begynte {first_day}, og ingenting starter av seg selv."
        return f"Skoleåret {year} venter på {waits}{again}. {begins}"


def is_enough(actors: Sequence[str]) -> bool:
    """Two different persons, or what the service itself has written down."""
    return len(actors) >= PERSONS or any(actor in (INSTALLATION, CARRIED) for actor in actors)


def approved(session: Session, calendar: Calendar, cycle: str) -> bool:
    """Whether the school year may start by itself: its dates, as they are now, are approved."""
    return is_approved(session, cycle, dates_sha256(calendar, cycle))


def ever_approved(session: Session, cycle: str) -> bool:
    """Whether dates of the school year are approved, whichever: what is asked of one that is over.

    Nothing plans it any more, so the ledger's dates stand, whatever the calendar says of it now.
    """
    query = select(ApprovalRow.dates_sha256, ApprovalRow.actor).where(ApprovalRow.cycle == cycle)
    taken_back = select(func.max(DecisionRow.at)).where(
        DecisionRow.action == "unapprove-year", DecisionRow.reason.startswith(f"{cycle}, ")
    )
    if (since := session.scalar(taken_back)) is not None:
        query = query.where(ApprovalRow.at > since)
    actors: dict[str, list[str]] = {}
    for sha256, actor in session.execute(query):
        actors.setdefault(sha256, []).append(actor)
    return any(map(is_enough, actors.values()))


def startable(session: Session, cycle: str, sha256: str) -> dict[str, bool]:
    """The school years whose work may start, each with whether it is approved.

    They are the one under way, whose dates are `sha256`, and the one before it: what is open when a
    year turns is not forgotten.
    """
    before = SchoolYear(cycle).previous
    return {
        str(before): ever_approved(session, before),
        cycle: is_approved(session, cycle, sha256),
    }


def refusal(cycle: str) -> str:
    """What the health page says while a year that has begun is not approved."""
    return f"Skoleåret {cycle} er ikke godkjent: ingenting starter av seg selv."


def is_approved(session: Session, cycle: str, sha256: str) -> bool:
    """Whether these dates of the school year are approved."""
    return is_enough(_actors(session, cycle, sha256))


def _actors(session: Session, cycle: str, sha256: str) -> tuple[str, ...]:
    return tuple(actor for dates, actor in _given(session).get(cycle, ()) if dates == sha256)


@once
def _given(session: Session) -> dict[str, list[tuple[str, str]]]:
    """By school year: the SHA-256 of the dates and who approved them, in the order it was done."""
    query = select(ApprovalRow.cycle, ApprovalRow.dates_sha256, ApprovalRow.actor)
    found: dict[str, list[tuple[str, str]]] = {}
    for cycle, sha256, actor in session.execute(query.order_by(ApprovalRow.id)):
        found.setdefault(cycle, []).append((sha256, actor))
    return found


def standing(session: Session, calendar: Calendar, cycle: str, now: datetime) -> Standing:
    """The standing of a school year; ValueError in Norwegian for what is no school year."""
    year, sha256 = SchoolYear(cycle), dates_sha256(calendar, cycle)
    actors = _actors(session, cycle, sha256)
    older = any(dates != sha256 for dates, _ in _given(session).get(cycle, ()))
    rows = calendar.deliverables.values()
    return Standing(
        cycle=cycle,
        dates_sha256=sha256,
        actors=actors,
        changed=older and not is_enough(actors),
        days_left=_days_left(year, now),
        shifted=_shifted(Same(calendar), cycle),
        undecided=tuple(row for row in rows if row.undecided),
    )


@lru_cache(maxsize=8)
def _shifted(same: Same, cycle: str) -> tuple[Line, ...]:
    moved = [found for found in expand(same.calendar, cycle) if found.nominal != found.due]
    return tuple(lines_of(same.calendar, moved))


def approve(
    session: Session, calendar: Calendar, cycle: str, actor: str, now: datetime, note: str = ""
) -> Standing:
    """Approve the dates of a planned school year, once a person; raises LedgerError otherwise."""
    _check_planned(cycle, now)
    lock_planning(session)
    name = _person(actor)
    sha256 = dates_sha256(calendar, cycle)
    given = {_same(other) for other in _actors(session, cycle, sha256)}
    if _same(name) in given:
        raise LedgerError(f"{name} har alt godkjent {cycle}. Den andre må være en annen person.")
    _write(session, cycle, sha256, name, now, note.strip())
    decide(session, name, "approve-year", None, f"{cycle}. {note}".strip(), now)
    session.flush()
    return standing(session, calendar, cycle, now)


def unapprove(
    session: Session, calendar: Calendar, cycle: str, actor: str, why: str, now: datetime
) -> Standing:
    """Take back every approval of the dates as they are now; raises LedgerError if there is none."""
    name, sha256 = _person(actor), dates_sha256(calendar, cycle)
    given = _actors(session, cycle, sha256)
    if not given:
        raise LedgerError(f"Skoleåret {cycle} er ikke godkjent av noen.")
    if not why.strip():
        raise LedgerError("Å ta en godkjenning tilbake må ha en begrunnelse (--why).")
    session.execute(
        delete(ApprovalRow).where(ApprovalRow.cycle == cycle, ApprovalRow.dates_sha256 == sha256)
    )
    told = f"{cycle}, godkjent av {', '.join(given)}: {why.strip()}"
    decide(session, name, "unapprove-year", None, told, now)
    return standing(session, calendar, cycle, now)


def _check_planned(cycle: str, now: datetime) -> None:
    if cycle not in planned_cycles(now):
        known = " og ".join(planned_cycles(now))
        raise LedgerError(f"Bare {known} kan godkjennes nå, ikke «{cycle}».")


def _person(actor: str) -> str:
    """The name, tidied; raises LedgerError for none, and for one that the service uses itself."""
    name = " ".join(actor.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise LedgerError(f"Skriv hvem som bestemmer, med høyst {_LONGEST_NAME} vanlige tegn.")
    if _same(name) in (INSTALLATION, CARRIED):
        raise LedgerError(f"«{name}» er ikke en person.")
    return name


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _write(session: Session, cycle: str, sha256: str, actor: str, now: datetime, note: str) -> None:
    session.add(ApprovalRow(cycle=cycle, dates_sha256=sha256, actor=actor, at=now, note=note))


def approve_first(session: Session, calendar: Calendar, now: datetime) -> None:
    """The year that a database begins with: nobody has been there to approve it beforehand."""
    cycle = planned_cycles(now)[0]
    note = "Året databasen begynte med."
    _write(session, cycle, dates_sha256(calendar, cycle), INSTALLATION, now, note)


def carry_over(session: Session, old: Calendar, new: Calendar, version: int, now: datetime) -> None:
    """Keep the year that is under way approved when a published change moves its dates."""
    cycle = planned_cycles(now)[0]
    before, after = dates_sha256(old, cycle), dates_sha256(new, cycle)
    if is_approved(session, cycle, before) and not is_approved(session, cycle, after):
        note = f"Versjon {version} endret datoene i et år som alt var i gang."
        _write(session, cycle, after, CARRIED, now, note)


def warnings(session: Session, calendar: Calendar, now: datetime) -> list[tuple[str, int]]:
    """(cycle, 90, 30 or 0): the newest warning that an unapproved school year has come to."""
    cycles = planned_cycles(now)
    unapproved = (cycle for cycle in cycles if not approved(session, calendar, cycle))
    steps = ((cycle, warning_step(_days_left(SchoolYear(cycle), now))) for cycle in unapproved)
    return [(cycle, step) for cycle, step in steps if step is not None]


def warning_step(days_left: int) -> int | None:
    """90, 30 or 0: the last of them that is reached; None when there is time enough."""
    return min((step for step in WARN_DAYS if days_left <= step), default=None)


def _days_left(year: SchoolYear, now: datetime) -> int:
    return (year.first_day - now.astimezone(OSLO).date()).days
