"""What a person may order of an occurrence's runs; always with actor and reason, in the log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from jobs.imports.intakes import intakes
from jobs.register.deliveries import held_delivery
from jobs.register.tables import Delivery, DeliveryState
from scheduler.calendar import Calendar
from scheduler.engine.leave import NOTHING_MORE, Leave, Past, let_past
from scheduler.engine.snapshot import met_times, predecessors
from scheduler.engine.word import by_word
from scheduler.ledger import runs
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.runs import LIVE, LedgerError
from scheduler.ledger.tables import OccurrenceRow, RunRow

RETRIABLE = ("failed", "cancelled")
# What a person said yes to, in a run's inputs: it counts for that run alone.
YESES = ("approved", "forced")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held back until a person says yes: its hash, and the inputs that let it through."""

    sha256: str
    inputs: dict[str, object]


def order_run(
    session: Session,
    calendar: Calendar,
    key: str,
    actor: str,
    reason: str,
    now: datetime,
    leave: Leave = NOTHING_MORE,
) -> RunRow:
    """Request a new run of an occurrence; the next tick hands it to the engine.

    An import runs again with the delivery it had last; forced, or over a pause, with the file that
    waits. Raises LedgerError, in Norwegian, when the run cannot or must not start.
    """
    row = runs.occurrence_row(session, key)
    last = runs.latest_run(session, key)
    if last is not None and last.state in LIVE:
        raise LedgerError(f"«{key}» kjører alt ({last.id}). Vent til den er ferdig.")
    job = _job_name(calendar, row)
    past = let_past(session, calendar, row, now, leave)
    inputs = _inputs(session, calendar, row, last, leave)
    missing = _missing(session, calendar, row, inputs, now)
    if missing and not leave.forced:
        raise LedgerError(f"«{row.key}» venter på {', '.join(missing)}.")
    number = runs.next_number(session, key)
    inputs |= by_word(session, job, row.cycle, row.scope)
    run = runs.request_run(session, row, number, job, inputs, actor, now)
    detail = {"run": run.id, "sha256": leave.approved, "past": missing, **past.as_json()}
    runs.decide(session, actor, _action(leave, past), key, reason, now, detail)
    return run


def _action(leave: Leave, past: Past) -> str:
    if leave.approved:
        return "approve"
    return "force" if leave.forced or past else "run"


def _inputs(
    session: Session, calendar: Calendar, row: OccurrenceRow, last: RunRow | None, leave: Leave
) -> dict[str, object]:
    if leave.approved:
        return _approved_inputs(session, calendar, row, leave.approved)
    waiting = _waiting(session, row) if leave.forced or leave.over_pause else None
    if waiting is not None and _starts_on(calendar, row) is StartsOn.ARRIVAL:
        return {"delivery_id": waiting}
    inputs = dict(last.order["inputs"]) if last else {}
    kept = {name: value for name, value in inputs.items() if name not in YESES}
    forced = leave.forced and _starts_on(calendar, row) is StartsOn.DUE
    return {**kept, "forced": True} if forced else kept


def _waiting(session: Session, row: OccurrenceRow) -> int | None:
    """The oldest file of the sender that waits for its import."""
    query = select(func.min(Delivery.id)).where(
        Delivery.deliverable == row.deliverable,
        Delivery.sender == row.scope,
        Delivery.state == DeliveryState.WAITING,
    )
    return session.scalar(query)


def held(session: Session, calendar: Calendar, row: OccurrenceRow) -> Held | None:
    """The held file of an import, or what a delivery declined to send unsigned; None for nothing."""
    last = runs.latest_run(session, row.key)
    if _starts_on(calendar, row) is StartsOn.ARRIVAL:
        period = intakes()[_job_name(calendar, row)].period.of(row.cycle)
        number = held_delivery(session, row.deliverable, row.scope, period)
        sha256 = session.get_one(Delivery, number).sha256 if number is not None else ""
        return Held(sha256, {"delivery_id": number, "approved": sha256}) if sha256 else None
    if last is None or last.state != "refused" or not last.content_sha256:
        return None
    inputs = {**last.order["inputs"], "approved": last.content_sha256}
    return Held(last.content_sha256, inputs)


def _approved_inputs(
    session: Session, calendar: Calendar, row: OccurrenceRow, sha256: str
) -> dict[str, object]:
    """What the yes is to; raises LedgerError when it is to nothing, or to something else."""
    found = held(session, calendar, row)
    if found is None:
        raise LedgerError(f"Ingenting er holdt tilbake for «{row.key}».")
    if found.sha256 != sha256:
        raise LedgerError(
            f"Det som nå er holdt tilbake for «{row.key}», er ikke det som ble godkjent "
            f"({sha256[:12]}), men {found.sha256}. Se over det, og godkjenn det."
        )
    return found.inputs


def _starts_on(calendar: Calendar, row: OccurrenceRow) -> StartsOn | None:
    deliverable = calendar.deliverables.get(row.deliverable)
    job = JOBS.get(deliverable.job or "") if deliverable else None
    return job.starts_on if job else None


def _job_name(calendar: Calendar, row: OccurrenceRow) -> str:
    deliverable = calendar.deliverables.get(row.deliverable)
    if deliverable is None or deliverable.job not in JOBS:
        raise LedgerError(f"«{row.deliverable}» har ingen jobb som kan kjøres her ennå.")
    return deliverable.job or ""


def _missing(
    session: Session,
    calendar: Calendar,
    row: OccurrenceRow,
    inputs: dict[str, object],
    now: datetime,
) -> list[str]:
    """What must be finished first and is not; raises LedgerError for an import without a file."""
    if _starts_on(calendar, row) is StartsOn.ARRIVAL:
        if "delivery_id" not in inputs:
            raise LedgerError(
                f"«{row.key}» har ikke mottatt noen fil ennå; legg filen i innboksen."
            )
        return []
    deliverable = calendar.deliverables[row.deliverable]
    planned = planned_by_row(session, calendar, now, [row.cycle])
    met = met_times(session)
    needed = predecessors(deliverable, row, planned, met)
    return [predecessor.key for predecessor in needed if predecessor.met_at is None]


def order_cancel(session: Session, key: str, actor: str, reason: str, now: datetime) -> RunRow:
    """Stop the run that is under way; it finishes the step it is in. Raises LedgerError for none."""
    runs.occurrence_row(session, key)
    last = runs.latest_run(session, key)
    if last is None or last.state not in LIVE:
        raise LedgerError(f"«{key}» har ingen kjøring som er i gang.")
    if last.state == "cancelling":
        raise LedgerError(f"{last.id} er alt i ferd med å bli avbrutt.")
    last.state, last.reasons = "cancelling", [reason]
    runs.decide(session, actor, "cancel", key, reason, now, {"run": last.id})
    return last


def order_retry(
    session: Session,
    calendar: Calendar,
    key: str,
    actor: str,
    reason: str,
    now: datetime,
    step: str = "",
    leave: Leave = NOTHING_MORE,
) -> RunRow:
    """Let the last run go again as the same run, from a step or ("") the first unfinished one.

    Raises LedgerError unless it failed or was cancelled: what was refused is mended, then run anew.
    """
    row = runs.occurrence_row(session, key)
    last = runs.latest_run(session, key)
    if last is None or last.state not in RETRIABLE:
        raise LedgerError(
            f"«{key}» har ingen kjøring som feilet eller ble avbrutt. Det som ble stoppet, rettes "
            "og kjøres på nytt (`aarshjul run`)."
        )
    _must_be_step(last.job, step)
    past = let_past(session, calendar, row, now, leave)
    detail = {"run": last.id, "step": step, "was": last.state, "reasons": last.reasons}
    runs.decide(session, actor, "retry", key, reason, now, {**detail, **past.as_json()})
    last.state, last.retry_from, last.finished_at, last.reasons = "retrying", step, None, []
    return last


def _must_be_step(job: str, step: str) -> None:
    known = [found.name for found in JOBS[job].steps] if job in JOBS else []
    if step and step not in known:
        raise LedgerError(f"«{step}» er ikke et steg i jobben. Velg blant: {', '.join(known)}.")
