"""Traces: the derivations of many occurrences at once; lists read them only where they show them."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import TraceStep
from scheduler.ledger.tables import OccurrenceRow
from scheduler.ledger.views import Item


def traced(session: Session, items: Iterable[Item]) -> list[Item]:
    """The same items, each occurrence with the derivation of its dates."""
    found = list(items)
    keys = [item.key for item in found]
    query = select(OccurrenceRow.key, OccurrenceRow.trace).where(OccurrenceRow.key.in_(keys))
    traces = {key: tuple(map(TraceStep.from_json, steps)) for key, steps in session.execute(query)}
    return [
        replace(item, occurrence=replace(item.occurrence, trace=traces[item.key])) for item in found
    ]
