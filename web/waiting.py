"""Waiting: what goes no further until a person has decided."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar.words import count
from scheduler.ledger.health import health
from scheduler.ledger.read import current_calendar
from scheduler.notify.tables import MessageRow
from scheduler.publishing.rollover import standing, warnings


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits, in a sentence, and the page that shows it."""

    sentence: str
    url: str


def matters(session: Session, now: datetime) -> list[Matter]:
    """An edit that is not published, a year nobody approved, messages nobody knows the fate of."""
    return [*_edits(session, now), *_years(session, now), *_messages(session)]


def _edits(session: Session, now: datetime) -> list[Matter]:
    said = "En endring i calendar.yaml venter på å bli publisert"
    address = url_for("changes.index")
    waiting = health(session, now).calendar_waiting
    return [Matter(f"{said}: {words.rstrip('.')}.", address) for words in waiting]


def _years(session: Session, now: datetime) -> list[Matter]:
    calendar = current_calendar(session)
    warned = warnings(session, calendar, now) if calendar else []
    return [
        Matter(
            standing(session, calendar, cycle, now).sentence,
            url_for("rollover.page", cycle=cycle),
        )
        for cycle, _ in warned
        if calendar
    ]


def _messages(session: Session) -> list[Matter]:
    query = select(func.count()).select_from(MessageRow).where(MessageRow.state == "unknown")
    unknown = session.scalar(query) or 0
    if not unknown:
        return []
    said = count(unknown, "melding", "meldinger")
    they = "den" if unknown == 1 else "de"
    return [Matter(f"For {said} vet vi ikke om {they} kom fram.", url_for("notices.index"))]
