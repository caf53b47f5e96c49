"""Runs: started once per number, settled once, with the receipt that makes an occurrence done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from scheduler.ledger.deadline import days_to_spare
from scheduler.ledger.once import once
from scheduler.ledger.run_ids import id_of_run
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, ReceiptRow, RunRow

# A run that the engine has, or is about to get.
LIVE = ("requested", "retrying", "running", "cancelling")


class LedgerError(Exception):
    """The ledger cannot do what was asked; the message says why, in Norwegian."""


def occurrence_row(session: Session, key: str) -> OccurrenceRow:
    """The occurrence with this key; raises LedgerError that names it."""
    row = session.get(OccurrenceRow, key)
    if row is None:
        raise LedgerError(f"Fant ingen forekomst «{key}». `aarshjul runs` og tavla viser nøklene.")
    return row


@once
def latest_run(session: Session, key: str) -> RunRow | None:
    query = select(RunRow).where(RunRow.occurrence_key == key).order_by(RunRow.number.desc())
    return session.scalar(query.limit(1))


def newest_state() -> ScalarSelect[str]:
    """The state of its newest run, as a column beside an occurrence."""
    runs_of_it = select(RunRow.state).where(RunRow.occurrence_key == OccurrenceRow.key)
    newest = runs_of_it.order_by(RunRow.number.desc()).limit(1)
    return newest.correlate(OccurrenceRow).scalar_subquery()


def next_number(session: Session, key: str) -> int:
    query = select(func.max(RunRow.number)).where(RunRow.occurrence_key == key)
    return (session.scalar(query) or 0) + 1


def request_run(
    session: Session,
    row: OccurrenceRow,
    number: int,
    job: str,
    inputs: Mapping[str, Any],
    started_by: str,
    now: datetime,
) -> RunRow:
    """Write the run `number` of an occurrence; the same number a second time breaks a unique key.

    The engine takes requested runs from here, so a crash right after this loses nothing.
    """
    run = RunRow(
        id=id_of_run(row.key, number),
        occurrence_key=row.key,
        number=number,
        job=job,
        state="requested",
        started_by=started_by,
        requested_at=now,
        order=order_of(row, id_of_run(row.key, number), job, inputs, now),
        reasons=[],
    )
    session.add(run)
    session.flush()
    return run


def order_of(
    row: OccurrenceRow, run_id: str, job: str, inputs: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """What `jobs.api.Order.from_json` reads: the run's identity, dates and inputs as JSON."""
    return {
        "run_id": run_id,
        "job": job,
        "deliverable": row.deliverable,
        "cycle": row.cycle,
        "stage": row.stage,
        "scope": row.scope,
        "nominal": row.nominal.isoformat(),
        "due": row.due.isoformat(),
        "reference_date": row.reference_date and row.reference_date.isoformat(),
        "now": now.isoformat(),
        "inputs": dict(inputs),
    }


def settle(row: OccurrenceRow, outcome: str, now: datetime) -> None:
    """Close an occurrence, with the deadline that holds now: a later one never makes it late."""
    row.outcome, row.outcome_at = outcome, now
    row.due_when_settled, row.clock_when_settled = row.due, row.clock_time
    row.days_to_spare = days_to_spare(now, row) if outcome == "done" else None


def reopen(row: OccurrenceRow) -> None:
    """Take an outcome back; the occurrence is open as before."""
    row.outcome = row.outcome_at = row.due_when_settled = row.days_to_spare = None
    row.clock_when_settled = ""


def settle_done(session: Session, run_id: str, receipt: Mapping[str, Any], now: datetime) -> None:
    """Record the receipt; the occurrence is done from its first receipt on."""
    run = session.get_one(RunRow, run_id)
    run.state, run.finished_at, run.reasons = "done", now, []
    row = session.get_one(OccurrenceRow, run.occurrence_key)
    if row.outcome in (None, "nothing"):  # what comes after all goes before the county's word
        settle(row, "done", now)
    session.add(
        ReceiptRow(
            run_id=run_id,
            occurrence_key=run.occurrence_key,
            kind=receipt["kind"],
            receiver=receipt["receiver"],
            reference=receipt["reference"],
            received_at=now,
            detail=receipt["detail"],
        )
    )


def settle_undone(
    session: Session,
    run_id: str,
    state: str,
    reasons: list[str],
    now: datetime,
    content_sha256: str = "",
) -> None:
    """Record that a run was refused, failed, or sent what has no receipt yet; why; what it would send."""
    run = session.get_one(RunRow, run_id)
    run.state, run.finished_at, run.reasons = state, now, reasons
    run.content_sha256 = content_sha256


def settle_cancelled(session: Session, run_id: str, now: datetime) -> None:
    """Note that a run has stopped as it was told to, unless it came to its end first."""
    session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.state == "cancelling")
        .values(state="cancelled", finished_at=now)
    )


def settle_over_time(session: Session, run_id: str, minutes: float, now: datetime) -> None:
    """Note that a run was stopped because it went on for too long, unless it came to its end first."""
    said = (
        f"Kjøringen varte lenger enn grensen på {minutes:g} minutter, og ble stanset mellom to steg. "
        "Finn ut hva som tar tid, og forsøk på nytt; grensen står i «policy» i raden."
    )
    session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.state.in_(("requested", "running")))
        .values(state="failed", finished_at=now, reasons=[said])
    )


def decide(
    session: Session,
    actor: str,
    action: str,
    key: str | None,
    reason: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> DecisionRow:
    """Append one line to the decision log; `detail` is what it was bound to, as JSON."""
    decision = DecisionRow(
        at=now,
        actor=actor,
        action=action,
        occurrence_key=key,
        reason=reason,
        detail=dict(detail or {}),
    )
    session.add(decision)
    return decision


def waive(session: Session, key: str, actor: str, reason: str, now: datetime) -> None:
    """Free an occurrence from being delivered this cycle, with actor and reason."""
    row = occurrence_row(session, key)
    if row.outcome is not None:
        raise LedgerError(f"«{key}» er alt avsluttet ({row.outcome}) og kan ikke fritas.")
    if not reason.strip():
        raise LedgerError("Et fritak må ha en begrunnelse (--why).")
    settle(row, "waived", now)
    decide(session, actor, "waive", key, reason, now)


def report_nothing(session: Session, key: str, actor: str, reason: str, now: datetime) -> None:
    """Take a county's word that there is nothing to report; what waits for it goes on."""
    row = occurrence_row(session, key)
    if row.outcome is not None:
        raise LedgerError(f"«{key}» er alt avsluttet ({row.outcome}).")
    if not reason.strip():
        raise LedgerError("Ingenting å rapportere må ha en begrunnelse.")
    settle(row, "nothing", now)
    decide(session, actor, "nothing", key, reason, now)


def mark_running(session: Session, run_id: str) -> None:
    """Note that the engine has the run, unless it has finished it already."""
    session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.state.in_(("requested", "retrying")))
        .values(state="running")
    )


def unwaive(session: Session, key: str, actor: str, reason: str, now: datetime) -> None:
    """Take a waiver back; what waited for it waits again, what has run since stays run."""
    row = occurrence_row(session, key)
    if row.outcome != "waived":
        raise LedgerError(f"«{key}» er ikke fritatt.")
    reopen(row)
    decide(session, actor, "unwaive", key, reason, now)
