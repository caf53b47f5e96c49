"""Matters of forwarding: what should be passed on by now, and nobody has signed for."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import long_date
from scheduler.engine.forwarding import is_forwarding
from scheduler.ledger.views import Item
from scheduler.matters.matter import OPERATOR, Kind, Matter, name_of, page_of


def matters(calendar: Calendar, found: Iterable[Item]) -> Iterator[Matter]:
    """One for each turn of a forwarding that is open and has come to its day; its page says of what."""
    for item in found:
        if item.outcome is None and is_forwarding(calendar, item.occurrence.deliverable):
            since = datetime.combine(item.due, time(), OSLO)
            sentence = (
                f"{name_of(item, calendar)} har frist {long_date(item.due)}, og ingen har bekreftet "
                "at det som er levert, er videresendt."
            )
            yield Matter(Kind.NOT_STARTED, sentence, since, OPERATOR, page_of(item.key))
