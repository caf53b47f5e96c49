"""Slips: the receipts that receivers have given us, whole or not, and how each channel was last found."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CompoundSelect, String, Text, UniqueConstraint, null, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.ledger.runs import LedgerError, decide
from scheduler.ledger.tables import LedgerBase


class SlipState(StrEnum):
    """What became of a slip; a faulty or stray one waits for a person, or for a whole one in its place."""

    MATCHED = "matched"
    FAULTY = "faulty"
    STRAY = "stray"
    REPLACED = "replaced"
    SETTLED = "settled"


OPEN = (SlipState.FAULTY, SlipState.STRAY)


class SlipRow(LedgerBase):
    """A receipt as a receiver gave it, once for each content; `said` is what is wrong with it.

    `content` is its text without long numbers, which could be a person's. Never deleted.
    """

    __tablename__ = "slip"
    __table_args__ = (UniqueConstraint("receiver", "name", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), index=True)
    said: Mapped[str] = mapped_column(Text, default="")
    occurrence_key: Mapped[str | None] = mapped_column(String(160), index=True)
    read_at: Mapped[datetime]


class ChannelRow(LedgerBase):
    """How the way to a receiver was when receipts were last asked for; `fault` since `fault_since`."""

    __tablename__ = "channel"

    receiver: Mapped[str] = mapped_column(String(80), primary_key=True)
    asked_at: Mapped[datetime]
    fault: Mapped[str] = mapped_column(Text, default="")
    fault_since: Mapped[datetime | None]


def open_slips(session: Session) -> Sequence[SlipRow]:
    """Those that wait for a person, oldest first."""
    query = select(SlipRow).where(SlipRow.state.in_(OPEN)).order_by(SlipRow.id)
    return session.scalars(query).all()


def asked_channels(session: Session) -> Sequence[ChannelRow]:
    """Every channel that has been asked for receipts, as it was found the last time."""
    return session.scalars(select(ChannelRow).order_by(ChannelRow.receiver)).all()


def broken_channels(session: Session) -> list[ChannelRow]:
    """Those that did not answer."""
    return [channel for channel in asked_channels(session) if channel.fault]


def faults() -> CompoundSelect[int | None, str, datetime | None, str | None]:
    """What waits for a person of the two, as one question: slip, fault, since when, occurrence."""
    waiting = select(SlipRow.id, SlipRow.said, SlipRow.read_at, SlipRow.occurrence_key)
    broken = select(null(), ChannelRow.fault, ChannelRow.fault_since, null())
    return waiting.where(SlipRow.state.in_(OPEN)).union_all(broken.where(ChannelRow.fault != ""))


def settle(session: Session, number: int, actor: str, reason: str, now: datetime) -> None:
    """Take a person's word that a faulty or stray slip needs nothing more; raises LedgerError."""
    slip = session.get(SlipRow, number)
    if slip is None or slip.state not in OPEN:
        raise LedgerError(f"Kvittering {number} venter ikke på noen. Se `aarshjul channels`.")
    detail = {"slip": number, "name": slip.name, "sha256": slip.sha256, "was": slip.state}
    decide(session, actor, "slip", slip.occurrence_key, reason, now, detail)
    slip.state = SlipState.SETTLED


def note_asked(session: Session, receiver: str, fault: str, now: datetime) -> None:
    """Note how a channel was found; `fault` is "" when it answered."""
    row = session.get(ChannelRow, receiver) or ChannelRow(receiver=receiver)
    row.fault_since = (row.fault_since or now) if fault else None
    row.asked_at, row.fault = now, fault
    session.add(row)
