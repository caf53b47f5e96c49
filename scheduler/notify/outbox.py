"""Outbox: messages wait here from the same transaction as what they tell of, and are sent from here.

1. A message is claimed, and the claim is committed.
2. In the same transaction: is it still true? Else it is withheld.
3. It is sent, with no transaction open.
4. What became of it is recorded in a transaction of its own.

A sender that dies between 3 and 4 leaves the claim behind: `claims.recover` finds it, and nobody
sends it again unless a person says so. The messages of one contact go one by one, those of different
contacts side by side, so that one that does not answer holds up no other.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.ledger.database import reading
from scheduler.ledger.itself import SENDER
from scheduler.ledger.read import current_calendar
from scheduler.ledger.runs import LedgerError, decide
from scheduler.notify import claims
from scheduler.notify.channels import Channel, open_channels
from scheduler.notify.faults import GoneFault, SendFault, TransientFault
from scheduler.notify.message import Envelope, Message
from scheduler.notify.relevance import still_true
from scheduler.notify.tables import MESSAGES, ContactRow, MessageRow
from scheduler.notify.words import MESSAGE_STATES
from scheduler.settings import Settings

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 4
SWITCHED_OFF = "Kontakten er tatt ut av bruk."
NO_LONGER_TRUE = "Var ikke lenger sann da den skulle sendes."
# Which states a person may end, by what is said of them.
MAY_RESOLVE = {"sent": ("unknown",), "again": ("unknown", "failed")}


# ON CONFLICT is the one thing that is right when two nodes decide the same at once.
_NEW = {
    name: dialect.insert(MESSAGES)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(MESSAGES.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def queue(session: Session, message: Message) -> bool:
    """Put a message in the outbox; False when one of the same id is there, sent or not.

    It counts as made when it may first be sent.
    """
    values = asdict(message)
    start = values.pop("not_before")
    values |= {"created_at": start, "next_try_at": start}
    new = _NEW[session.get_bind().dialect.name]
    return session.scalar(new, values) is not None


def send_waiting(
    database: Engine,
    settings: Settings,
    clock: Callable[[], datetime],
    node: str,
    only: str | None = None,
) -> int:
    """Send what may be sent now (`only`: this message id); returns how many were accepted."""
    sender = Sender(database, settings, clock, node, open_channels(settings))
    by_contact: dict[int, list[str]] = defaultdict(list)
    with reading(database) as session:
        for message_id, contact in claims.waiting(session, sender.channels, clock(), only):
            by_contact[contact].append(message_id)
    if not by_contact:
        return 0
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="varsling") as pool:
        return sum(pool.map(sender.send_in_turn, by_contact.values()))


@dataclass(frozen=True, slots=True)
class Sender:
    """One round's way from the outbox to the channels."""

    database: Engine
    settings: Settings
    clock: Callable[[], datetime]
    node: str
    channels: dict[str, Channel]

    def send_in_turn(self, messages: Sequence[str]) -> int:
        """Send one contact's messages in order; stops at the first that must wait."""
        sent = 0
        for message_id in messages:
            try:
                sent += self._send(message_id)
            except TransientFault:
                break
            except SendFault:
                continue
            except Exception:
                # A fault of ours: the claim stays, and `recover` ends it. The others go on.
                log.exception("message %s", message_id, extra={"action": "send"})
                break
        return sent

    def _send(self, message_id: str) -> bool:
        """False when there was nothing to send after all; raises what went wrong, recorded."""
        envelope = self._claimed(message_id)
        if envelope is None:
            return False
        try:
            self.channels[envelope.message.channel].send(envelope, self.clock())
        except SendFault as fault:
            log.warning("message %s: %s", message_id, fault, extra={"action": "send"})
            self._record(envelope.message, fault)
            raise
        self._record(envelope.message, None)
        return True

    def _claimed(self, message_id: str) -> Envelope | None:
        now = self.clock()
        with Session(self.database) as session, session.begin():
            if not claims.claim(session, message_id, self.node, now):
                return None
            row = session.get_one(MessageRow, message_id)
            contact = session.get_one(ContactRow, row.contact_id)
            why = _objection(session, row, contact, now)
            if why:
                claims.withhold(session, message_id, why)
                return None
            return _envelope(session, row, contact, self.settings)

    def _record(self, message: Message, fault: SendFault | None) -> None:
        now = self.clock()
        with Session(self.database) as session, session.begin():
            claims.record(session, message.id, self.node, now, fault)
            if isinstance(fault, GoneFault):
                session.get_one(ContactRow, message.contact_id).active = False
                why = f"Kontakt {message.contact_id} er tatt ut av bruk. {fault}"
                decide(session, SENDER, "contact-gone", None, why, now)


def _objection(session: Session, row: MessageRow, contact: ContactRow, now: datetime) -> str:
    """Why a message is not to go after all; "" when it is."""
    if not contact.active:
        return SWITCHED_OFF
    calendar = current_calendar(session)
    if calendar is not None and not still_true(session, calendar, row, now):
        return NO_LONGER_TRUE
    return ""


def _envelope(
    session: Session, row: MessageRow, contact: ContactRow, settings: Settings
) -> Envelope:
    own = {field.name for field in fields(Message)} - {"not_before"}
    message = Message(not_before=row.created_at, **{name: getattr(row, name) for name in own})
    unsubscribe = f"{settings.public_url}/avmeld/{contact.token}" if row.kind != "test" else ""
    return Envelope(message, contact.secret, _first_of_thread(session, row), unsubscribe)


_OF_THREAD = (
    select(MessageRow.id)
    .where(
        MessageRow.thread == bindparam("thread"),
        MessageRow.contact_id == bindparam("contact"),
        MessageRow.state == "sent",
    )
    .order_by(MessageRow.sent_at, MessageRow.id)
    .limit(1)
)


def _first_of_thread(session: Session, row: MessageRow) -> str:
    asked = {"thread": row.thread, "contact": row.contact_id}
    return (session.scalar(_OF_THREAD, asked) or "") if row.thread else ""


def resolve(session: Session, message_id: str, how: str, actor: str, now: datetime) -> MessageRow:
    """A person's word on a message: `how` is "sent" (it arrived) or "again" (send it once more).

    Raises LedgerError when there is no such message, or nothing to decide about it.
    """
    row = session.get(MessageRow, message_id, with_for_update=True)
    if row is None:
        raise LedgerError(f"Fant ingen melding «{message_id}». Se `aarshjul messages list`.")
    if row.state not in MAY_RESOLVE[how]:
        raise LedgerError(
            f"«{message_id}» har standen «{MESSAGE_STATES[row.state]}»; det er ikke noe å avgjøre."
        )
    before = row.fault
    if how == "sent":
        row.state, row.sent_at = "sent", row.claimed_at or now
    else:
        row.state, row.next_try_at, row.attempts, row.claimed_by = "planned", now, 0, ""
    row.fault = ""
    decide(session, actor, f"message-{how}", None, f"{message_id}: {before}", now)
    return row
