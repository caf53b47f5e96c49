"""Snapshot: what the ledger says about the occurrences that have a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import NATIONAL, OSLO, Occurrence
from scheduler.calendar.silence import quiet_until
from scheduler.engine.decide import Candidate, LastRun, Predecessor
from scheduler.engine.missed import told
from scheduler.ledger.deadline import deadline
from scheduler.ledger.pausing import covering, not_ended
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.predecessors import Planned, PlannedByRow, before
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow

WaitingDeliveries = Mapping[tuple[str, str], int]
# All but the trace, which is by far the largest part: nothing is decided by it.
ROW = (
    OccurrenceRow.key,
    OccurrenceRow.deliverable,
    OccurrenceRow.cycle,
    OccurrenceRow.stage,
    OccurrenceRow.scope,
    OccurrenceRow.nominal,
    OccurrenceRow.due,
    OccurrenceRow.opens,
    OccurrenceRow.clock_time,
    OccurrenceRow.outcome,
)
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
    """The occurrences that may start or be missed at `now`, ready for `decide`.

    `approved` is the school years, each with whether its dates are. A line (deliverable, scope) that
    has a file `waiting` is there whole: the file speaks for one of its occurrences. Of what starts by
    its date, all that are open and have come to it; the rest of the year is not even read.
    """
    rows_of = calendar.deliverables.items()
    starts_on = {name: on for name, row in rows_of if (on := _starts_on(row)) is not None}
    by_date = [name for name, on in starts_on.items() if on is StartsOn.DUE]
    lines = [line for line in waiting if starts_on.get(line[0]) is StartsOn.ARRIVAL]
    come = and_(
        OccurrenceRow.deliverable.in_(by_date),
        OccurrenceRow.outcome.is_(None),
        OccurrenceRow.due <= now.astimezone(OSLO).date(),
    )
    awaiting_file = tuple_(OccurrenceRow.deliverable, OccurrenceRow.scope).in_(lines)
    rows = session.execute(
        select(*ROW)
        .where(OccurrenceRow.cycle.in_(approved), or_(come, awaiting_file))
        .order_by(OccurrenceRow.due, OccurrenceRow.key)
    ).all()
    if not rows:
        return []
    last_runs = _last_runs(session, [row.key for row in rows])
    planned = planned_by_row(session, calendar, now, {row.cycle for row in rows})
    pauses = not_ended(session)
    met, missed = met_times(session), told(session)
    silences = {name: quiet_until(calendar, calendar.deliverables[name], now) for name in by_date}
    return [
        Candidate(
            key=row.key,
            starts_on=starts_on[row.deliverable],
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
            quiet_until=silences.get(row.deliverable),
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
    calendar: Calendar, row: Row[*tuple[Any, ...]], planned: PlannedByRow, met: MetTimes
) -> tuple[Predecessor, ...]:
    """What an open delivery stands on; an import starts on its file alone."""
    deliverable = calendar.deliverables[row.deliverable]
    if row.outcome is not None or _starts_on(deliverable) is StartsOn.ARRIVAL:
        return ()
    return predecessors(deliverable, row, planned, met)


def predecessors(
    deliverable: Deliverable,
    row: OccurrenceRow | Row[*tuple[Any, ...]],
    planned: PlannedByRow,
    met: MetTimes,
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


def _occurrence(row: OccurrenceRow | Row[*tuple[Any, ...]]) -> Occurrence:
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
