"""Forwarding: what a turn passes on of the deliveries before it, and the signed word that it was done.

Nothing here sees the files go on, so the evidence is a person's word in the decision log: bound to the
content by its hash, with when it was passed on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from jobs.register.tables import Outbound
from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import NATIONAL, OSLO, Occurrence
from scheduler.ledger import runs
from scheduler.ledger.once import once
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow, OccurrenceRow
from scheduler.ledger.views import Decision

FORWARDED = "forwarded"
LONGEST_REFERENCE = 200
EXAMPLE = "2026-10-26T08:30"


def _deliveries_before() -> Select[*tuple[Any, ...]]:
    """Deadlines after the turn before this one and no later than it; built once, not at each asking."""
    other, sending = aliased(OccurrenceRow), aliased(Outbound)
    cycle: BindParameter[str] = bindparam("cycle")
    due: BindParameter[date] = bindparam("due")
    turn_before = (
        select(func.max(other.due))
        .where(
            other.cycle == cycle,
            other.outcome.is_distinct_from("withdrawn"),
            other.deliverable == bindparam("forwarding"),
            other.due < due,
        )
        .scalar_subquery()
    )
    newest = (
        select(func.max(sending.id))
        .where(sending.occurrence_key == OccurrenceRow.key, sending.received_at.is_not(None))
        .correlate(OccurrenceRow)
        .scalar_subquery()
    )
    return (
        select(
            OccurrenceRow.key, OccurrenceRow.outcome, Outbound.manifest_sha256, Outbound.intended_at
        )
        .outerjoin(Outbound, Outbound.id == newest)
        .where(
            OccurrenceRow.cycle == cycle,
            OccurrenceRow.outcome.is_distinct_from("withdrawn"),
            OccurrenceRow.deliverable.in_(bindparam("rows", expanding=True)),
            OccurrenceRow.due <= due,
            or_(turn_before.is_(None), OccurrenceRow.due > turn_before),
        )
        .order_by(OccurrenceRow.key)
    )


_BEFORE = _deliveries_before()
_BEFORE_IN_SCOPE = _BEFORE.where(OccurrenceRow.scope == bindparam("scope"))


@dataclass(frozen=True, slots=True)
class Passing:
    """What there is to pass on: manifest hash by delivery, those that have not come, the last sending.

    The hash of a delivery is "" where what was sent is not on record.
    """

    contents: Mapping[str, str]
    lacks: tuple[str, ...]
    sent_at: datetime | None

    @property
    def sha256(self) -> str:
        """The hash of it all: of a line for each delivery, its key and its manifest's hash, by key."""
        lines = (f"{key} {self.contents[key]}\n" for key in sorted(self.contents))
        return sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passed:
    """A word that it was passed on: who said so, when and why, and what it is bound to."""

    said_at: datetime
    actor: str
    reason: str
    passed_at: datetime
    reference: str
    sha256: str
    contents: Mapping[str, str]


def passing_of(
    session: Session, calendar: Calendar, turn: OccurrenceRow | Occurrence
) -> Passing | None:
    """What a turn of a forwarding passes on as it stands; None for what is no forwarding."""
    if not is_forwarding(calendar, turn.deliverable):
        return None
    edges = calendar.deliverables[turn.deliverable].depends_on
    rows = frozenset(edge.deliverable for edge in edges)
    scope = None if turn.scope == NATIONAL else turn.scope
    before = _before(session, turn.deliverable, turn.cycle, turn.due, rows, scope)
    return Passing(
        {row.key: row.manifest_sha256 or "" for row in before if row.outcome == "done"},
        tuple(row.key for row in before if row.outcome is None),
        max((row.intended_at for row in before if row.intended_at), default=None),
    )


def is_forwarding(calendar: Calendar, deliverable: str) -> bool:
    found = calendar.deliverables.get(deliverable)
    return found is not None and found.kind is Kind.FORWARDING


@once
def _before(
    session: Session,
    forwarding: str,
    cycle: str,
    due: date,
    rows: frozenset[str],
    scope: str | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The deliveries due since the turn before, each with the newest sending its receiver has."""
    asked = {"forwarding": forwarding, "cycle": cycle, "due": due, "rows": sorted(rows)}
    if scope is None:
        return session.execute(_BEFORE, asked).all()
    return session.execute(_BEFORE_IN_SCOPE, asked | {"scope": scope}).all()


@once
def passed_of(session: Session, key: str) -> tuple[Passed, ...]:
    """Every word on a forwarding, oldest first."""
    query = select(DecisionRow).where(
        DecisionRow.occurrence_key == key, DecisionRow.action == FORWARDED
    )
    return words_among(session.scalars(query.order_by(DecisionRow.id)))


def words_among(decisions: Iterable[DecisionRow | Decision]) -> tuple[Passed, ...]:
    """The words on a forwarding among what was decided of it, in the same order."""
    return tuple(
        Passed(
            each.at,
            each.actor,
            each.reason,
            datetime.fromisoformat(each.detail["passed_at"]),
            each.detail["reference"],
            each.detail["sha256"],
            each.detail["contents"],
        )
        for each in decisions
        if each.action == FORWARDED
    )


def is_due_a_word(session: Session, calendar: Calendar, row: OccurrenceRow) -> bool:
    """Whether there is something to pass on that nobody has signed for yet."""
    passing = passing_of(session, calendar, row)
    if passing is None or not passing.contents or row.outcome not in (None, "done"):
        return False
    said = passed_of(session, row.key)
    return not said or said[-1].sha256 != passing.sha256


def note_forwarded(
    session: Session,
    calendar: Calendar,
    key: str,
    sha256: str,
    reference: str,
    passed_at: datetime | None,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    """Take a person's word that what they saw was passed on; the forwarding is done from the first on.

    `passed_at` is None for now. Raises LedgerError, in Norwegian, for nothing, or for other content.
    """
    row = runs.occurrence_row(session, key)
    passing = _to_pass_on(session, calendar, row)
    if passing.sha256 != sha256:
        raise LedgerError(
            f"Det som skal være videresendt i «{key}», har ikke SHA-256 {sha256[:12]}, men "
            f"{passing.sha256}. Se over det, og bekreft det."
        )
    at = _checked(passed_at or now, passing, now)
    if len(reference.strip()) > LONGEST_REFERENCE:
        raise LedgerError(f"Referansen kan ha høyst {LONGEST_REFERENCE} tegn.")
    detail = {
        "sha256": sha256,
        "passed_at": at.isoformat(),
        "reference": reference.strip(),
        "contents": dict(passing.contents),
        "lacks": list(passing.lacks),
    }
    runs.decide(session, actor, FORWARDED, key, reason, now, detail)
    if row.outcome is None:
        runs.settle(row, "done", at)


def _to_pass_on(session: Session, calendar: Calendar, row: OccurrenceRow) -> Passing:
    passing = passing_of(session, calendar, row)
    if passing is None:
        raise LedgerError(f"«{row.key}» er ikke en videresending.")
    if row.outcome not in (None, "done"):
        raise LedgerError(f"«{row.key}» er alt avsluttet ({row.outcome}).")
    if not passing.contents:
        raise LedgerError(
            f"Ingen levering er kvittert, så «{row.key}» har ingenting å sende videre."
        )
    if not is_due_a_word(session, calendar, row):
        raise LedgerError(f"«{row.key}» er alt bekreftet videresendt, med det samme innholdet.")
    return passing


def _checked(at: datetime, passing: Passing, now: datetime) -> datetime:
    """When it was passed on: neither ahead of us, nor before it was sent to be passed on."""
    if at > now:
        raise LedgerError("Tidspunktet for videresendingen er ikke kommet ennå.")
    if passing.sent_at is not None and at < passing.sent_at:
        sent = passing.sent_at.astimezone(OSLO)
        raise LedgerError(
            f"Den siste av filene ble sendt {sent:%d.%m.%Y kl. %H.%M}. Den kan ikke være videresendt "
            "før det."
        )
    return at


def instant_said(text: str) -> datetime | None:
    """When, as a person writes it, in Oslo unless it says otherwise; None for nothing written."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise LedgerError(f"«{text}» er ikke et tidspunkt. Skriv for eksempel {EXAMPLE}.") from None
    return found if found.tzinfo else found.replace(tzinfo=OSLO)
