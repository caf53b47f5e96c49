"""Matters of what is unsettled beside the deadlines: uncertain messages, and proposals; one question."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import cast, func, null, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.sections import called
from scheduler.calendar.words import count
from scheduler.ledger.once import once
from scheduler.matters.matter import ANOTHER, OPERATOR, Kind, Matter
from scheduler.notify.tables import MessageRow
from scheduler.publishing.tables import ProposalRow


def proposals(session: Session, calendar: Calendar) -> Iterator[Matter]:
    """Changes of the calendar that wait for a second person."""
    for number, since, part in _waiting(session):
        if part is None:
            continue
        name = called(calendar, part)
        sentence = f"Forslag {number} om å endre «{name}» i kalenderen venter på godkjenning."
        yield Matter(Kind.EDIT, sentence, since, ANOTHER, f"/drift/kalender/forslag/{number}")


def messages(session: Session) -> Iterator[Matter]:
    """One for all the messages of which nobody knows whether they arrived."""
    for unknown, since, deliverable in _waiting(session):
        if deliverable is None and unknown:
            said = count(unknown, "melding", "meldinger")
            they = "den" if unknown == 1 else "de"
            sentence = f"For {said} vet vi ikke om {they} kom fram."
            yield Matter(Kind.MESSAGE, sentence, since, OPERATOR, "/varsler")


@once
def _waiting(session: Session) -> Sequence[tuple[int, datetime, str | None]]:
    """How many messages are uncertain, and since when; and each open proposal, with its row's id."""
    messages = select(
        func.count(), func.min(MessageRow.created_at), cast(null(), ProposalRow.deliverable.type)
    ).where(MessageRow.state == "unknown")
    proposed = select(ProposalRow.id, ProposalRow.made_at, ProposalRow.deliverable).where(
        ProposalRow.outcome.is_(None)
    )
    return [(n, at, row) for n, at, row in session.execute(messages.union_all(proposed))]
