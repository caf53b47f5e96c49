"""Snapshot: what the ledger says about the occurrences that have a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import NATIONAL, Occurrence
from scheduler.engine.decide import Candidate, LastRun, Predecessor
from scheduler.ledger.pausing import not_ended
from scheduler.ledger.predecessors import PlannedByRow, before
from scheduler.ledger.read import planned_by_row
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow

WaitingDeliveries = Mapping[tuple[str, str], int]


def import_routes(calendar: Calendar) -> dict[str, tuple[str, ...]]:
    """Deliverable -> the scopes that may send it files: every county, or the country's one sender."""
    return {
        deliverable.id: (
            (NATIONAL,) if deliverable.scope is Scope.NATIONAL else tuple(calendar.counties)
        )
        for deliverable in calendar.deliverables.values()
        if deliverable.is_active and _starts_on(deliverable) is StartsOn.ARRIVAL
    }


def _starts_on(deliverable: Deliverable) -> StartsOn | None:
    job = JOBS.get(deliverable.job or "")
    return job.starts_on if job else None


def read_candidates(
    session: Session,
    calendar: Calendar,
    cycle: str,
    waiting: WaitingDeliveries,
    *,
    approved: bool = True,
) -> list[Candidate]:
    """Every occurrence of `cycle` that has a known job, ready for `decide`.

    `approved` is whether the cycle's dates are.
    """
    with_job = [d.id for d in calendar.deliverables.values() if _starts_on(d) is not None]
    rows = session.scalars(
        select(OccurrenceRow)
        .where(OccurrenceRow.cycle == cycle, OccurrenceRow.deliverable.in_(with_job))
        .order_by(OccurrenceRow.due, OccurrenceRow.key)
    ).all()
    last_runs = _last_runs(session, [row.key for row in rows])
    planned, pauses = planned_by_row(session), not_ended(session)
    return [
        Candidate(
            key=row.key,
            starts_on=_starts_on(calendar.deliverables[row.deliverable]) or StartsOn.DUE,
            due=row.due,
            outcome=row.outcome,
            last_run=last_runs.get(row.key),
            predecessors=_awaited(session, calendar, row, planned),
            waiting_delivery=waiting.get((row.deliverable, row.scope)),
            opens=row.opens,
            latest=calendar.deliverables[row.deliverable].last_automatic_day(row.due),
            approved=approved,
            pauses=tuple(p for p in pauses if p.covers(row.deliverable, row.scope)),
        )
        for row in rows
    ]


def _last_runs(session: Session, keys: list[str]) -> dict[str, LastRun]:
    newest = (
        select(RunRow.occurrence_key, func.max(RunRow.number).label("number"))
        .where(RunRow.occurrence_key.in_(keys))
        .group_by(RunRow.occurrence_key)
        .subquery()
    )
    query = select(RunRow).join(
        newest,
        (RunRow.occurrence_key == newest.c.occurrence_key) & (RunRow.number == newest.c.number),
    )
    return {
        run.occurrence_key: LastRun(run.number, run.state, run.finished_at, run.order["inputs"])
        for run in session.scalars(query)
    }


def _awaited(
    session: Session, calendar: Calendar, row: OccurrenceRow, planned: PlannedByRow
) -> tuple[Predecessor, ...]:
    """What an open delivery stands on; an import starts on its file alone."""
    deliverable = calendar.deliverables[row.deliverable]
    if row.outcome is not None or _starts_on(deliverable) is StartsOn.ARRIVAL:
        return ()
    return predecessors(session, deliverable, row, planned)


def predecessors(
    session: Session, deliverable: Deliverable, row: OccurrenceRow, planned: PlannedByRow
) -> tuple[Predecessor, ...]:
    """The hard predecessors that exist in the ledger, each with when it was last met.

    Inactive deliverables have no rows, so they never hold anything up; withdrawn rows neither.
    """
    edges = before(_occurrence(row), deliverable, planned)
    return tuple(
        Predecessor(other.key, None if other.open else _met_at(session, other.key))
        for edge, other in edges
        if edge.strength == "hard"
    )


def _occurrence(row: OccurrenceRow) -> Occurrence:
    return Occurrence(row.deliverable, row.cycle, row.stage, row.scope, row.nominal, row.due)


def _met_at(session: Session, key: str) -> datetime | None:
    """When a closed predecessor was last met: its newest receipt, or its waiver."""
    received = select(func.max(ReceiptRow.received_at)).where(ReceiptRow.occurrence_key == key)
    return session.scalar(received) or session.get_one(OccurrenceRow, key).outcome_at


def requested_orders(session: Session) -> list[dict[str, Any]]:
    """Orders of runs that the engine may not have heard of yet, oldest first."""
    query = (
        select(RunRow).where(RunRow.state == "requested").order_by(RunRow.requested_at, RunRow.id)
    )
    return [run.order for run in session.scalars(query)]
