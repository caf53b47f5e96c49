"""Snapshot: what the ledger says about the occurrences that have a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import NATIONAL, Occurrence
from scheduler.calendar.silence import quiet_until
from scheduler.engine.decide import Candidate, LastRun, Predecessor
from scheduler.engine.missed import told
from scheduler.ledger.pausing import covering, not_ended
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.predecessors import Planned, PlannedByRow, before
from scheduler.ledger.state import deadline
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow

WaitingDeliveries = Mapping[tuple[str, str], int]
MetTimes = Mapping[str, datetime]
"""Key of an occurrence -> when it was last met."""


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
    approved: Mapping[str, bool],
    waiting: WaitingDeliveries,
    now: datetime,
) -> list[Candidate]:
    """Every occurrence of some school years that has a known job, ready for `decide`.

    `approved` is the school years, each with whether its dates are.
    """
    with_job = [d.id for d in calendar.deliverables.values() if _starts_on(d) is not None]
    rows = session.scalars(
        select(OccurrenceRow)
        .where(OccurrenceRow.cycle.in_(approved), OccurrenceRow.deliverable.in_(with_job))
        .order_by(OccurrenceRow.due, OccurrenceRow.key)
        .options(
            defer(OccurrenceRow.trace)
        )  # by far the largest part, and nothing is decided by it
    ).all()
    last_runs = _last_runs(session, [row.key for row in rows])
    planned, pauses = planned_by_row(session, calendar, now), not_ended(session)
    met, missed = met_times(session), told(session)
    silences = {name: quiet_until(calendar, calendar.deliverables[name], now) for name in with_job}
    return [
        Candidate(
            key=row.key,
            starts_on=_starts_on(calendar.deliverables[row.deliverable]) or StartsOn.DUE,
            due=row.due,
            outcome=row.outcome,
            last_run=last_runs.get(row.key),
            predecessors=_awaited(calendar, row, planned, met),
            waiting_delivery=waiting.get((row.deliverable, row.scope)),
            opens=row.opens,
            latest=calendar.deliverables[row.deliverable].last_automatic_day(row.due),
            approved=approved[row.cycle],
            pauses=covering(pauses, row.deliverable, row.scope, calendar),
            catch_up=calendar.deliverables[row.deliverable].catch_up,
            clock_time=row.clock_time,
            quiet_until=silences[row.deliverable],
            told_missed=(row.key, row.due) in missed,
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
    calendar: Calendar, row: OccurrenceRow, planned: PlannedByRow, met: MetTimes
) -> tuple[Predecessor, ...]:
    """What an open delivery stands on; an import starts on its file alone."""
    deliverable = calendar.deliverables[row.deliverable]
    if row.outcome is not None or _starts_on(deliverable) is StartsOn.ARRIVAL:
        return ()
    return predecessors(deliverable, row, planned, met)


def predecessors(
    deliverable: Deliverable, row: OccurrenceRow, planned: PlannedByRow, met: MetTimes
) -> tuple[Predecessor, ...]:
    """The hard predecessors that exist in the ledger, each with when it was last met.

    Inactive deliverables have no rows, so they never hold anything up; withdrawn rows neither.
    """
    edges = before(_occurrence(row), deliverable, planned)
    return tuple(
        Predecessor(other.key, None if other.open else _met_at(other, met))
        for edge, other in edges
        if edge.strength == "hard"
    )


def _occurrence(row: OccurrenceRow) -> Occurrence:
    return Occurrence(row.deliverable, row.cycle, row.stage, row.scope, row.nominal, row.due)


def met_times(session: Session) -> MetTimes:
    """When each occurrence was last met: its newest receipt, or its waiver where it has none."""
    outcomes = select(OccurrenceRow.key, OccurrenceRow.outcome_at).where(
        OccurrenceRow.outcome_at.is_not(None)
    )
    newest = func.max(ReceiptRow.received_at)
    receipts = select(ReceiptRow.occurrence_key, newest).group_by(ReceiptRow.occurrence_key)
    rows = (row for query in (outcomes, receipts) for row in session.execute(query))
    return {key: at for key, at in rows if at}


def _met_at(predecessor: Planned, met: MetTimes) -> datetime:
    """When it was last met; one that nobody here can see done, at the end of its day."""
    return met.get(predecessor.key) or deadline(predecessor.due)


def requested_orders(session: Session) -> list[dict[str, Any]]:
    """Orders of runs that the engine may not have heard of yet, oldest first."""
    query = (
        select(RunRow).where(RunRow.state == "requested").order_by(RunRow.requested_at, RunRow.id)
    )
    return [run.order for run in session.scalars(query)]
