"""Claims: who has a message in hand, so that each is sent by one sender, and what became of it.

planned → sending (claimed, committed) → sent, failed, withheld, unknown, or planned again. What is
written while a message is on its way must survive a crash, so each step is a transaction of its own.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import Session

from scheduler.notify.faults import PermanentFault, SendFault, TransientFault
from scheduler.notify.tables import MESSAGES, MessageRow

_OF = MESSAGES.c
LIFE = secrets.token_hex(4)
"""This process's own mark: a claim of the same node with another mark is of an earlier life."""
LEASE = timedelta(minutes=10)
"""Longer than any channel takes; a claim older than this has lost its sender."""
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))
"""Waits between attempts: nine attempts in just under two days."""
MOST_A_ROUND = 500
# Its receiver knows a message again by its id, so sending it twice is not a double.
REPEATABLE = "webhook"
UNTOLD = "Avsenderen stanset mens meldingen var på vei. Vi vet ikke om den kom fram."


def claimant(node: str) -> str:
    return f"{node}#{LIFE}"


def waiting(
    session: Session, channels: Collection[str], now: datetime, only: str | None = None
) -> Sequence[tuple[str, int]]:
    """(message id, contact id) of what may be sent now, oldest first."""
    query = (
        select(MessageRow.id, MessageRow.contact_id)
        .where(*_due(now), MessageRow.channel.in_(channels))
        .order_by(MessageRow.created_at, MessageRow.id)
        .limit(MOST_A_ROUND)
    )
    if only is not None:
        query = query.where(MessageRow.id == only)
    return [(row.id, row.contact_id) for row in session.execute(query)]


def _due(now: datetime | ColumnElement[datetime]) -> tuple[ColumnElement[bool], ...]:
    return _OF.state == "planned", _OF.next_try_at <= now


# Two of these for each message, so they are built once; the first is of the table, past the session, which
# has nothing of the message yet and would look for it.
_CLAIM = (
    update(MESSAGES)
    .where(_OF.id == bindparam("message"), *_due(bindparam("instant")))
    .values(
        state="sending",
        claimed_by=bindparam("claimant"),
        claimed_at=bindparam("instant"),
        attempts=_OF.attempts + 1,
    )
    .returning(_OF.id)
)
_CLAIMED = (
    select(MessageRow)
    .where(MessageRow.id == bindparam("message"), MessageRow.claimed_by == bindparam("claimant"))
    .with_for_update()
)


def claim(session: Session, message_id: str, node: str, now: datetime) -> bool:
    """Take a message in hand; False when another sender was first, which is fine."""
    asked = {"message": message_id, "instant": now, "claimant": claimant(node)}
    return session.execute(_CLAIM, asked).first() is not None


def withhold(session: Session, message_id: str, why: str) -> None:
    """Let a claimed message stay unsent, for good."""
    row = session.get_one(MessageRow, message_id)
    row.state, row.fault = "withheld", why


def record(
    session: Session, message_id: str, node: str, now: datetime, fault: SendFault | None
) -> None:
    """Write what became of a message that this process claimed.

    One that was slower than its lease has been given up meanwhile; what really happened counts,
    unless another sender has it by now.
    """
    row = session.scalar(_CLAIMED, {"message": message_id, "claimant": claimant(node)})
    if row is None or row.state not in ("sending", "unknown", "planned"):
        return
    row.fault = str(fault or "")
    if fault is None:
        row.state, row.sent_at = "sent", now
    elif isinstance(fault, TransientFault):
        _put_off(row, now)
    else:
        row.state = "failed" if isinstance(fault, PermanentFault) else "unknown"


def _put_off(row: MessageRow, now: datetime) -> None:
    wait = next_wait(row.attempts)
    row.state = "failed" if wait is None else "planned"
    row.next_try_at = now + (wait or timedelta())


def next_wait(attempts: int) -> timedelta | None:
    """How long after the attempt of this number the next one comes; None when it was the last."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def recover(session: Session, node: str, now: datetime) -> int:
    """Settle claims whose sender is gone: an earlier life of this node, or older than the lease.

    A webhook goes again under its id; for the rest a person decides. Returns how many.
    """
    earlier = MessageRow.claimed_by.startswith(f"{node}#", autoescape=True)
    lost = or_(
        earlier & (MessageRow.claimed_by != claimant(node)), MessageRow.claimed_at < now - LEASE
    )
    rows = session.scalars(
        select(MessageRow).where(MessageRow.state == "sending", lost).with_for_update()
    ).all()
    for row in rows:
        again = row.channel == REPEATABLE
        row.state, row.fault = ("planned", "") if again else ("unknown", UNTOLD)
        row.next_try_at = now
    return len(rows)
