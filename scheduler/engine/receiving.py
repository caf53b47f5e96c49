"""Receiving: read the receipts that receivers have laid out, and match each to what was sent.

A delivery is done when its own receipt is in. Half a receipt, one for something else and one for what
was never sent are kept and told to a person; no receipt is ever taken for another.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs.api import ReceiptFacts, Refusal
from jobs.channels.choosing import channel_of
from jobs.channels.marking import ANSWER, is_answered, noted_on
from jobs.channels.slips import Acknowledgement, Answer, Slip, SlipError, read_slip
from jobs.register.tables import Outbound
from jobs.wording import without_numbers
from scheduler.ledger import runs, slips
from scheduler.ledger.database import reading
from scheduler.ledger.slips import OPEN, SlipRow, SlipState
from scheduler.ledger.tables import RunRow

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receiving:
    """One round after another of asking for the receipts that we lack."""

    database: Engine
    data_dir: Path
    channels: Path | None

    def round(self, now: datetime) -> None:
        """Ask every receiver that owes us a receipt; what fails at one is told, and hinders no other."""
        with reading(self.database) as session:
            owed = unconfirmed(session) if self.channels else {}
            told = [channel.receiver for channel in slips.broken_channels(session)]
        for receiver, keys in owed.items():
            self._ask(receiver, keys, now)
        for receiver in told:
            if (
                receiver not in owed
            ):  # it owes nothing more, so that it is broken is in nobody's way
                self._note(receiver, "", now)

    def _ask(self, receiver: str, keys: Sequence[str], now: datetime) -> None:
        fault = ""
        try:
            found = channel_of(receiver, self.channels, self.data_dir).slips(keys)
            for slip in found:
                self._take(receiver, slip, now)
        except (Refusal, OSError) as error:
            fault = str(error)
            log.warning("%s", fault, extra={"action": "receipts", "receiver": receiver})
        self._note(receiver, fault, now)

    def _note(self, receiver: str, fault: str, now: datetime) -> None:
        with Session(self.database) as session, session.begin():
            slips.note_asked(session, receiver, fault, now)

    def _take(self, receiver: str, slip: Slip, now: datetime) -> None:
        """Take a slip in, once; another node may be first."""
        try:
            with Session(self.database) as session, session.begin():
                if not _is_known(session, receiver, slip):
                    take(session, receiver, slip, now)
        except IntegrityError:
            log.info("another node took %s", slip.name, extra={"action": "receipts"})


def unconfirmed(session: Session) -> dict[str, list[str]]:
    """Receiver -> the keys of what was sent, or may have been, by a run that is over, without a receipt."""
    query = (
        select(Outbound)
        .join(RunRow, RunRow.id == Outbound.run_id)
        .where(Outbound.received_at.is_(None), RunRow.state.not_in(runs.LIVE))
        .order_by(Outbound.id)
    )
    owed: dict[str, list[str]] = {}
    for outbound in session.scalars(query):
        if not is_answered(outbound):
            owed.setdefault(outbound.receiver, []).append(outbound.idempotency_key)
    return owed


def take(session: Session, receiver: str, slip: Slip, now: datetime) -> None:
    """Write a slip down, and settle what it is the receipt of."""
    try:
        said = read_slip(slip)
    except SlipError as error:
        _note(session, receiver, slip, SlipState.FAULTY, str(error), None, now)
        return
    query = select(Outbound).where(
        Outbound.idempotency_key == said.levering, Outbound.receiver == receiver
    )
    outbound = session.scalars(query.with_for_update()).one_or_none()
    if outbound is None:
        words = (
            f"«{slip.name}» kvitterer for «{said.levering}», som aldri er sendt til «{receiver}»."
        )
        _note(session, receiver, slip, SlipState.STRAY, words, None, now)
        return
    if session.get_one(RunRow, outbound.run_id).state in runs.LIVE:
        return  # it is being sent: the next round reads the slip again
    state, words = SlipState.MATCHED, ""
    if said.konvolutt_sha256 != noted_on(outbound):
        state = SlipState.STRAY
        words = (
            f"«{slip.name}» kvitterer for en konvolutt med SHA-256 {said.konvolutt_sha256[:12]}, men "
            f"vi sendte {noted_on(outbound)[:12] or 'ingen'}. Avklar med «{receiver}» hva som er mottatt."
        )
    elif not is_answered(outbound):
        _settle(session, outbound, said, now)
    _note(session, receiver, slip, state, words, outbound.occurrence_key, now)


def _settle(session: Session, outbound: Outbound, said: Acknowledgement, now: datetime) -> None:
    answer = said.model_dump(mode="json", exclude={"levering", "konvolutt_sha256"})
    answer["merknad"] = without_numbers(said.merknad)
    files = outbound.receipt.get("filer", [])
    if said.status is Answer.REJECTED:
        outbound.receipt = {
            "filer": files,
            ANSWER: answer,
        }  # the attempt is over, and may be made anew
        remark = answer["merknad"] or "uten begrunnelse"
        reason = (
            f"«{outbound.receiver}» avviste leveringen ({said.referanse}): {remark.rstrip('.')}. Rett "
            "opp, og bestill leveringen på nytt."
        )
        runs.settle_undone(session, outbound.run_id, "refused", [reason], now)
        return
    outbound.received_at = now
    outbound.receipt = outbound.receipt | {ANSWER: answer}
    receipt = ReceiptFacts(
        "delivery", outbound.receiver, said.referanse, {"filer": files, ANSWER: answer}
    )
    runs.settle_done(session, outbound.run_id, receipt.as_json(), now)


def _is_known(session: Session, receiver: str, slip: Slip) -> bool:
    query = select(SlipRow.id).where(
        SlipRow.receiver == receiver, SlipRow.name == slip.name, SlipRow.sha256 == slip.sha256
    )
    return session.scalar(query) is not None


def _note(
    session: Session,
    receiver: str,
    slip: Slip,
    state: SlipState,
    said: str,
    key: str | None,
    now: datetime,
) -> None:
    """Keep the slip; it takes the place of a faulty one of the same name."""
    if said:
        log.warning("%s", without_numbers(said), extra={"action": "receipts", "receiver": receiver})
    same = (SlipRow.receiver == receiver, SlipRow.name == slip.name, SlipRow.state.in_(OPEN))
    session.execute(update(SlipRow).where(*same).values(state=SlipState.REPLACED))
    session.add(
        SlipRow(
            receiver=receiver,
            name=slip.name,
            sha256=slip.sha256,
            content=without_numbers(slip.content.decode(errors="replace")),
            state=state,
            said=without_numbers(said),
            occurrence_key=key,
            read_at=now,
        )
    )
