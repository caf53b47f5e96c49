"""What a person may order: run again, or free an occurrence; always with actor and reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from jobs.register.deliveries import held_delivery, sent
from scheduler.calendar import Calendar
from scheduler.engine.snapshot import predecessors
from scheduler.ledger import runs
from scheduler.ledger.read import planned_by_row
from scheduler.ledger.runs import LIVE, LedgerError
from scheduler.ledger.tables import OccurrenceRow, RunRow


def order_run(
    session: Session,
    calendar: Calendar,
    key: str,
    actor: str,
    reason: str,
    now: datetime,
    *,
    approved: bool = False,
) -> RunRow:
    """Request a new run of an occurrence; the next tick hands it to the engine.

    An import runs again with the delivery it had last. `approved` is a person's yes to what is
    held back, and to nothing else; it counts for this run alone. Raises LedgerError, in
    Norwegian, when the run cannot or must not start.
    """
    row = runs.occurrence_row(session, key)
    last = runs.latest_run(session, key)
    if last is not None and last.state in LIVE:
        raise LedgerError(f"«{key}» kjører alt ({last.id}). Vent til den er ferdig.")
    job = _job_name(calendar, row)
    inputs = _approved_inputs(session, job, row, last) if approved else _last_inputs(last)
    _check_startable(session, calendar, row, inputs)
    runs.decide(session, actor, "approve" if approved else "run", key, reason, now)
    number = runs.next_number(session, key)
    return runs.request_run(session, row, number, job, inputs, actor, now)


def _last_inputs(last: RunRow | None) -> dict[str, object]:
    """What the last run took in, without the yes that was given to it."""
    inputs = dict(last.order["inputs"]) if last else {}
    inputs.pop("approved", None)
    return inputs


def _approved_inputs(
    session: Session, job: str, row: OccurrenceRow, last: RunRow | None
) -> dict[str, object]:
    """What the yes is to: the held file of an import, or what a delivery declined to send anew."""
    if JOBS[job].starts_on is StartsOn.ARRIVAL:
        held = held_delivery(session, row.deliverable, row.scope, row.cycle.replace("-", ""))
        if held is not None:
            return {"delivery_id": held, "approved": True}
    elif last is not None and last.state == "refused" and sent(session, row.key):
        return {**last.order["inputs"], "approved": True}
    raise LedgerError(f"Ingenting er holdt tilbake for «{row.key}».")


def _job_name(calendar: Calendar, row: OccurrenceRow) -> str:
    deliverable = calendar.deliverables.get(row.deliverable)
    if deliverable is None or deliverable.job not in JOBS:
        raise LedgerError(f"«{row.deliverable}» har ingen jobb som kan kjøres her ennå.")
    return deliverable.job or ""


def _check_startable(
    session: Session, calendar: Calendar, row: OccurrenceRow, inputs: dict[str, object]
) -> None:
    deliverable = calendar.deliverables[row.deliverable]
    if JOBS[deliverable.job or ""].starts_on is StartsOn.ARRIVAL:
        if "delivery_id" not in inputs:
            raise LedgerError(
                f"«{row.key}» har ikke mottatt noen fil ennå; legg filen i innboksen."
            )
        return
    needed = predecessors(session, deliverable, row, planned_by_row(session))
    missing = [predecessor.key for predecessor in needed if predecessor.met_at is None]
    if missing:
        raise LedgerError(f"«{row.key}» venter på {', '.join(missing)}.")
