"""Marking: the trace of an attempt in the register, kept before the effect it is about."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs.channels.channel import Mark
from jobs.register.tables import Outbound

ENVELOPE = "envelope_sha256"
ANSWER = "mottakerens svar"


def mark_of(engine: Engine, key: str) -> Mark:
    """What stands of the delivery with this idempotency key, and the way to write it."""
    write: Callable[[str], None] = partial(_write, engine, key)
    with Session(engine) as session:
        noted = noted_on(_outbound(session, key))
    return Mark(noted, write, partial(write, ""))


def noted_on(outbound: Outbound) -> str:
    """The hash of the envelope that was put in place, or was about to be; "" for none."""
    return str(outbound.receipt.get(ENVELOPE, ""))


def is_answered(outbound: Outbound) -> bool:
    """Whether the receiver has said what became of it, if only that it was rejected."""
    return outbound.received_at is not None or ANSWER in outbound.receipt


def _write(engine: Engine, key: str, sha256: str) -> None:
    with Session(engine) as session, session.begin():
        _outbound(session, key).receipt = {ENVELOPE: sha256} if sha256 else {}


def _outbound(session: Session, key: str) -> Outbound:
    return session.scalars(select(Outbound).where(Outbound.idempotency_key == key)).one()
