"""Matters of forwarding: what should be passed on by now, and nobody has signed for."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import count, long_date
from scheduler.engine.forwarding import Passing, is_forwarding, passing_of
from scheduler.ledger.runs import occurrence_row
from scheduler.ledger.views import Item
from scheduler.matters.matter import OPERATOR, Kind, Matter, name_of, page_of


def matters(session: Session, calendar: Calendar, found: Iterable[Item]) -> Iterator[Matter]:
    """One for each turn of a forwarding that is open and has come to its day."""
    for item in found:
        if item.outcome is None and is_forwarding(calendar, item.occurrence.deliverable):
            passing = passing_of(session, calendar, occurrence_row(session, item.key))
            said = f"{name_of(item, calendar)} har frist {long_date(item.due)}, og "
            since = datetime.combine(item.due, time(), OSLO)
            sentence = said + (_waits(passing) if passing else "")
            yield Matter(Kind.NOT_STARTED, sentence, since, OPERATOR, page_of(item.key))


def _waits(passing: Passing) -> str:
    lacks = len(passing.lacks)
    if not passing.contents and not lacks:
        return "det er ingenting å sende videre, for leveringene er fritatt. Frita den også."
    if not passing.contents:
        return f"ingen av {count(lacks, 'levering', 'leveringer')} er kvittert ennå."
    have = count(len(passing.contents), "levering", "leveringer")
    missing = f" {lacks} mangler ennå." if lacks else ""
    return f"ingen har bekreftet at {have} er videresendt (SHA-256 {passing.sha256}).{missing}"
