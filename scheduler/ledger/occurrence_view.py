"""Occurrence view: one occurrence with all that belongs to it, as its page shows it; nothing here writes."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import Occurrence, TraceStep
from scheduler.ledger import rehearsals
from scheduler.ledger.arrivals import curves_of
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.predecessors import before
from scheduler.ledger.read import items_of, items_where
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, ReceiptRow, RunRow
from scheduler.ledger.take_overs import take_overs_of
from scheduler.ledger.views import Decision, Item, OccurrenceView, Receipt, Run


def occurrence_view(
    session: Session, calendar: Calendar, key: str, now: datetime
) -> OccurrenceView | None:
    """One occurrence with all that belongs to it; None if unknown."""
    found = items_where(session, calendar, now, OccurrenceRow.key == key)
    if not found:
        return None
    item = replace(found[0], occurrence=_with_trace(session, found[0].occurrence))
    return OccurrenceView(
        item,
        _predecessors(session, calendar, item, now),
        _runs(session, key),
        _receipts(session, key),
        _decisions(session, key),
        rehearsals.of_occurrence(session, key),
        curves_of(session, item.occurrence, now) if item.tracked else (),
    )


def _with_trace(session: Session, occurrence: Occurrence) -> Occurrence:
    trace = session.scalars(
        select(OccurrenceRow.trace).where(OccurrenceRow.key == occurrence.key)
    ).one()
    return replace(occurrence, trace=tuple(TraceStep.from_json(step) for step in trace))


def _predecessors(
    session: Session, calendar: Calendar, item: Item, now: datetime
) -> tuple[Item, ...]:
    planned = planned_by_row(session, calendar, now, [item.occurrence.cycle])
    edges = before(item.occurrence, item.deliverable, planned)
    return items_of(session, calendar, [planned.key for _, planned in edges], now)


def _runs(session: Session, key: str) -> tuple[Run, ...]:
    query = select(RunRow).where(RunRow.occurrence_key == key).order_by(RunRow.number.desc())
    rows = session.scalars(query).all()
    taken_over = take_overs_of(session, [row.id for row in rows])
    return tuple(
        Run(
            row.id,
            row.number,
            row.job,
            row.state,
            row.started_by,
            row.requested_at,
            row.finished_at,
            tuple(row.reasons),
            taken_over[row.id],
        )
        for row in rows
    )


def _receipts(session: Session, key: str) -> tuple[Receipt, ...]:
    query = (
        select(ReceiptRow)
        .where(ReceiptRow.occurrence_key == key)
        .order_by(ReceiptRow.received_at.desc())
    )
    return tuple(
        Receipt(row.run_id, row.kind, row.receiver, row.reference, row.received_at, row.detail)
        for row in session.scalars(query)
    )


def _decisions(session: Session, key: str) -> tuple[Decision, ...]:
    query = select(DecisionRow).where(DecisionRow.occurrence_key == key).order_by(DecisionRow.id)
    return tuple(
        Decision(row.at, row.actor, row.action, row.reason) for row in session.scalars(query)
    )
