"""Passed: the newest word that a turn of a forwarding was done, and as it is of one delivery."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.wording import without_numbers
from scheduler.cards.decided import decisions_of
from scheduler.cards.facts import PassedOn
from scheduler.engine.forwarding import FORWARDED, Passed, passed_of, words_among
from scheduler.ledger.tables import DecisionRow


def passed_on(session: Session, forwarding: str, delivery: str) -> PassedOn | None:
    """What was said of the delivery (its key) when the forwarding (its key) last was signed for."""
    said = passed_of(session, forwarding)
    if not said:
        return None
    last = said[-1]
    decided = [each for each in decisions_of(session, forwarding) if each.action == FORWARDED]
    return PassedOn(
        last.said_at,
        decided[-1].roles,
        last.passed_at,
        without_numbers(last.reference),
        last.sha256,
        last.contents.get(delivery, ""),
    )


def newest_words(session: Session, forwardings: Collection[str]) -> dict[str, Passed]:
    """Key of a forwarding's turn -> the newest word on it, for those that have one."""
    query = select(DecisionRow).where(
        DecisionRow.occurrence_key.in_(forwardings), DecisionRow.action == FORWARDED
    )
    said = session.scalars(query.order_by(DecisionRow.id)).all()
    words = zip(said, words_among(said), strict=True)
    return {row.occurrence_key: word for row, word in words if row.occurrence_key}
