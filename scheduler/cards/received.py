"""Received: what a receiver has said of one sending, with what kind of receipt, and when."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.channels.marking import ANSWER, noted_on
from jobs.channels.slips import Answer
from jobs.register.tables import Outbound
from scheduler.cards.facts import Receipt
from scheduler.ledger.slips import SlipRow
from scheduler.ledger.tables import ReceiptRow

# In a receipt's detail: a person has said that the receiver has it.
BY_WORD = "oppgitt_av"


def receipts_of(session: Session, sent: Outbound) -> tuple[Receipt, ...]:
    """The receipt that made the sending done, and every slip of it that was read, oldest first."""
    confirmed = select(ReceiptRow).where(ReceiptRow.run_id == sent.run_id)
    found = [
        Receipt(row.kind, row.received_at, row.reference, by_word=BY_WORD in row.detail)
        for row in session.scalars(confirmed)
        if sent.received_at is not None
    ]
    slips = select(SlipRow).where(
        SlipRow.occurrence_key == sent.occurrence_key, SlipRow.receiver == sent.receiver
    )
    found += [
        Receipt(f"slip-{slip.state}", slip.read_at, slip.name, sha256=slip.sha256)
        for slip in session.scalars(slips)
        if f'"{sent.idempotency_key}"' in slip.content  # an occurrence may have been sent anew
    ]
    return tuple(sorted(found, key=lambda receipt: (receipt.at, receipt.kind)))


def is_rejected(sent: Outbound) -> bool:
    """Whether the receiver has said no to it."""
    said = sent.receipt.get(ANSWER, {})
    return sent.received_at is None and said.get("status") == Answer.REJECTED.value


def envelope_of(sent: Outbound) -> str:
    """The hash of the sealed envelope it went in; "" for what was not sealed."""
    return noted_on(sent)
