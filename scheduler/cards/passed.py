"""Passed: the newest word that a turn of a forwarding was done, as it is of one delivery."""

from sqlalchemy.orm import Session

from jobs.wording import without_numbers
from scheduler.cards.decided import decisions_of
from scheduler.cards.facts import PassedOn
from scheduler.engine.forwarding import FORWARDED, passed_of


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
