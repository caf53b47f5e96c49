"""Feedback: a receiver's list taken in, and single lines of it explained, with who, why and when in the log."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.feedback import Feedback, FeedbackState, Mending, listed
from jobs.register.tables import Outbound
from jobs.statistics.deliveries import deliveries
from jobs.statistics.feedback import Subject, take_in
from scheduler.calendar import Calendar
from scheduler.ledger.runs import LedgerError, decide, occurrence_row
from scheduler.ledger.tables import DecisionRow

SETTLED = {FeedbackState.MENDED: "rettet", FeedbackState.EXPLAINED: "begrunnet"}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of feedback with where it stands: what mended it, or the reason for it alone."""

    line: Feedback
    state: FeedbackState
    mending: Mending | None
    explanation: DecisionRow | None


def take(
    session: Session,
    calendar: Calendar,
    data_dir: Path,
    file: Path,
    key: str,
    actor: str,
    reason: str,
    now: datetime,
) -> Counter[str]:
    """Take in the list about a first delivery, all lines or none; how many are "new" and "known".

    Raises LedgerError for a key of something else, and FileFault, naming lines and never what is in them;
    the caller's transaction must then go back.
    """
    done = take_in(session, data_dir, file, _subject(session, calendar, key), now)
    decide(session, actor, "feedback", key, reason, now, dict(done))
    return done


def is_listed_about(calendar: Calendar, deliverable: str, stage: str) -> bool:
    """Whether a receiver's list may be about it: a first delivery of statistics."""
    row = calendar.deliverables.get(deliverable)
    delivery = deliveries().get(row.job or "") if row else None
    return delivery is not None and delivery.is_preliminary(stage)


def _subject(session: Session, calendar: Calendar, key: str) -> Subject:
    row = occurrence_row(session, key)
    delivered = calendar.deliverables.get(row.deliverable)
    if delivered is None or delivered.job not in deliveries():
        raise LedgerError(f"«{key}» er ikke en levering av statistikk.")
    return Subject(key, row.stage, deliveries()[delivered.job])


def explain(
    session: Session, key: str, place: tuple[int, int], actor: str, reason: str, now: datetime
) -> None:
    """Give a reason why the row of one line, at (list, line), is right: the final asks of it no more.

    Raises LedgerError for a line that is not about the delivery, first or final, or is settled.
    """
    occurrence_row(session, key)
    number, line_number = place
    told = next((t for t in lines_of(session, key) if _place(t.line) == place), None)
    if told is None:
        raise LedgerError(f"Fant ingen linje {line_number} i liste {number} om «{key}».")
    if told.state in SETTLED:
        said = SETTLED[told.state]
        raise LedgerError(f"Linje {line_number} i liste {number} er alt {said}.")
    if not reason.strip():
        raise LedgerError("Skriv en begrunnelse.")
    line, first = told.line, session.get_one(Outbound, told.line.outbound_id).occurrence_key
    where = {"list": number, "line": line_number}
    about = {**where, "file": line.fil, "field": line.felt, "code": line.kode}
    decision = decide(session, actor, "explain", first, reason, now, about)
    session.flush()
    line.explained_by, line.explained_at = decision.id, now


def _place(line: Feedback) -> tuple[int, int]:
    return line.delivery_id, line.linje


def lines_of(session: Session, key: str) -> list[Told]:
    """Every line about the count of a delivery, its first or its final, in the order they came."""
    query = select(Outbound.speaks_for).where(Outbound.occurrence_key == key)
    count = session.scalars(query.order_by(Outbound.id.desc()).limit(1)).first()
    return told_about(session, count) if count else []


def told_about(session: Session, count: str) -> list[Told]:
    """Every line about a count, in the order they came."""
    found = listed(session, count)
    reasons = _decisions(session, (line.explained_by for line, _, _ in found))
    return [
        Told(line, state, mending, reasons.get(line.explained_by or 0))
        for line, state, mending in found
    ]


def _decisions(session: Session, numbers: Iterable[int | None]) -> dict[int, DecisionRow]:
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    query = select(DecisionRow).where(DecisionRow.id.in_(wanted))
    return {row.id: row for row in session.scalars(query)}
