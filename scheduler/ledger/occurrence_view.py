"""Occurrence view: one occurrence with all that belongs to it, as its page shows it; nothing here writes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL, Occurrence, TraceStep
from scheduler.ledger import rehearsals
from scheduler.ledger.arrivals import curves_of
from scheduler.ledger.pairs import half_of
from scheduler.ledger.predecessors import Planned, before, by_row, cycle_of
from scheduler.ledger.read import items_where
from scheduler.ledger.sent import last_count
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, ReceiptRow, RunRow
from scheduler.ledger.take_overs import TakeOverRow, take_over_of
from scheduler.ledger.views import Decision, Item, OccurrenceView, Receipt, Run

Told = Row[*tuple[Any, ...]]
PARTS = 4


def occurrence_view(
    session: Session, calendar: Calendar, key: str, now: datetime
) -> OccurrenceView | None:
    """One occurrence with all that belongs to it; None if unknown."""
    parts = tuple(key.split("/"))
    if len(parts) != PARTS:
        return None
    half = half_of(calendar, parts[0], parts[1], parts[3])
    found = items_where(session, calendar, now, or_(*_of_concern(calendar, parts, half)))
    item = next((each for each in found if each.key == key), None)
    if item is None:
        return None
    told = _told(session, key, half)
    return OccurrenceView(
        replace(item, occurrence=_with_trace(item.occurrence, told)),
        _predecessors(item, found),
        _runs(told),
        _receipts(told),
        _decisions(session, key),
        rehearsals.of_occurrence(session, key) if _is_work(item) else (),
        curves_of(session, item.occurrence, now) if item.tracked else (),
        tuple(each for each in found if each.key == half),
        {
            of: count
            for of, count in ((key, told[0].sent_for), (half, told[0].half_sent_for))
            if of and count
        },
        tuple(found),
    )


def _is_work(item: Item) -> bool:
    """Whether a job may have been tried ahead: always, but for a row that has none."""
    return item.deliverable is None or bool(item.deliverable.job)


def _of_concern(
    calendar: Calendar, parts: tuple[str, ...], half: str | None
) -> list[ColumnElement[bool]]:
    """Itself, the other half of its pair, and what its edges may lead to."""
    deliverable, cycle, _, scope = parts
    row = calendar.deliverables.get(deliverable)
    here = OccurrenceRow.scope.in_((scope, NATIONAL))
    edges = [
        and_(
            OccurrenceRow.deliverable == edge.deliverable,
            OccurrenceRow.cycle == cycle_of(edge, cycle),
            *(() if scope == NATIONAL else (here,)),
        )
        for edge in (row.depends_on if row else ())
    ]
    return [OccurrenceRow.key.in_(["/".join(parts), half or ""]), *edges]


def _predecessors(item: Item, found: Iterable[Item]) -> tuple[Item, ...]:
    standing = [each for each in found if each.outcome != "withdrawn"]
    planned = by_row(
        (o.deliverable, o.cycle, o.scope, Planned(o.key, o.stage, o.due, each.outcome is None))
        for each in standing
        for o in (each.occurrence,)
    )
    edges = {each.key for _, each in before(item.occurrence, item.deliverable, planned)}
    return tuple(each for each in standing if each.key in edges)


def _told(session: Session, key: str, half: str | None) -> list[Told]:
    """Its derivation and count, and each of its runs with its receipt and the times that its process died."""
    query = (
        select(
            OccurrenceRow.trace,
            last_count(key).label("sent_for"),
            last_count(half or "").label("half_sent_for"),
            RunRow,
            ReceiptRow,
            TakeOverRow,
        )
        .outerjoin(RunRow, RunRow.occurrence_key == OccurrenceRow.key)
        .outerjoin(ReceiptRow, ReceiptRow.run_id == RunRow.id)
        .outerjoin(TakeOverRow, TakeOverRow.run_id == RunRow.id)
        .where(OccurrenceRow.key == key)
        .order_by(RunRow.number.desc(), TakeOverRow.id)
    )
    return list(session.execute(query))


def _with_trace(occurrence: Occurrence, told: list[Told]) -> Occurrence:
    return replace(occurrence, trace=tuple(TraceStep.from_json(step) for step in told[0].trace))


def _runs(told: list[Told]) -> tuple[Run, ...]:
    """The newest first."""
    rows = {row.RunRow.id: row.RunRow for row in told if row.RunRow}
    deaths = [row.TakeOverRow for row in told if row.TakeOverRow]
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
            tuple(take_over_of(death) for death in deaths if death.run_id == row.id),
        )
        for row in rows.values()
    )


def _receipts(told: list[Told]) -> tuple[Receipt, ...]:
    """The newest first."""
    rows = {row.ReceiptRow.run_id: row.ReceiptRow for row in told if row.ReceiptRow}
    return tuple(
        Receipt(row.run_id, row.kind, row.receiver, row.reference, row.received_at, row.detail)
        for row in sorted(rows.values(), key=lambda row: row.received_at, reverse=True)
    )


def _decisions(session: Session, key: str) -> tuple[Decision, ...]:
    query = select(DecisionRow).where(DecisionRow.occurrence_key == key).order_by(DecisionRow.id)
    return tuple(
        Decision(row.at, row.actor, row.action, row.reason, row.detail or {})
        for row in session.scalars(query)
    )
