"""Fate: a delivery whose run is over, and nobody knows whether it arrived; a person says which."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.api import ReceiptFacts
from jobs.register.tables import Outbound
from scheduler.calendar import Calendar
from scheduler.engine.leave import NOTHING_MORE, Leave, let_past
from scheduler.ledger import runs
from scheduler.ledger.once import once
from scheduler.ledger.runs import LIVE, LedgerError
from scheduler.ledger.tables import RunRow

# The step of a delivering job that has the effect; a channel that finds it had, tells the receipt.
SEND = "send"
LONGEST_REFERENCE = 200  # as the receipt's column


@once
def unknown_fate(session: Session, key: str) -> Outbound | None:
    """What was about to be sent for an occurrence and has no receipt, when no run is under way."""
    last = runs.latest_run(session, key)
    if last is None or last.state in LIVE:
        return None
    query = select(Outbound).where(Outbound.occurrence_key == key, Outbound.received_at.is_(None))
    return session.scalars(query.order_by(Outbound.id.desc()).limit(1)).first()


def note_received(
    session: Session,
    key: str,
    sha256: str,
    reference: str,
    actor: str,
    reason: str,
    now: datetime,
) -> RunRow:
    """Take a person's word that the receiver has it, with the receipt's reference: it is delivered."""
    reference = reference.strip()
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise LedgerError(
            f"Oppgi referansen på mottakerens kvittering, høyst {LONGEST_REFERENCE} tegn."
        )
    outbound, run = _asked(session, key, sha256)
    detail = {"run": run.id, "sha256": sha256, "reference": reference, "was": run.state}
    runs.decide(session, actor, "received", key, reason, now, {**detail, "reasons": run.reasons})
    receipt = ReceiptFacts("delivery", outbound.receiver, reference, {"sha256": sha256})
    outbound.received_at, outbound.receipt = now, receipt.as_json()
    runs.settle_done(session, run.id, receipt.as_json(), now)
    return run


def order_resend(
    session: Session,
    calendar: Calendar,
    key: str,
    sha256: str,
    actor: str,
    reason: str,
    now: datetime,
    leave: Leave = NOTHING_MORE,
) -> RunRow:
    """Take a person's word that it never arrived: the same run sends it again, from that step."""
    outbound, run = _asked(session, key, sha256)
    if run is not runs.latest_run(session, key):
        raise LedgerError(
            f"{run.id} er ikke den siste kjøringen. Bestill en ny (`aarshjul run`): den sender under "
            "samme nøkkel."
        )
    past = let_past(session, calendar, runs.occurrence_row(session, key), now, leave)
    detail = {"run": run.id, "sha256": sha256, "was": run.state, "reasons": run.reasons}
    runs.decide(session, actor, "resend", key, reason, now, {**detail, **past.as_json()})
    run.state, run.retry_from, run.finished_at, run.reasons = "retrying", SEND, None, []
    outbound.receipt = {}  # what the channel noted of the attempt, which holds no longer
    return run


def _asked(session: Session, key: str, sha256: str) -> tuple[Outbound, RunRow]:
    """What the word is about; raises LedgerError for nothing, or for other content than was seen."""
    runs.occurrence_row(session, key)
    found = unknown_fate(session, key)
    if found is None:
        raise LedgerError(f"Ingen levering av «{key}» er uviss: enten kvittert, eller i gang.")
    if found.manifest_sha256 != sha256:
        raise LedgerError(
            f"Det som er uvisst for «{key}», har ikke SHA-256 {sha256[:12]}, men "
            f"{found.manifest_sha256}. Se over det, og svar for det."
        )
    return found, session.get_one(RunRow, found.run_id)
