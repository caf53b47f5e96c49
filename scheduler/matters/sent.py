"""Matters of what has gone out: whether it came, whose receipt is late, and receipts that are no good."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy.orm import Session

from jobs.channels.marking import is_answered
from jobs.register.tables import Outbound
from scheduler.calendar import Calendar
from scheduler.ledger import slips
from scheduler.ledger.runs import LIVE
from scheduler.ledger.views import Item
from scheduler.matters.matter import OPERATOR, Kind, Matter, name_of, page_of

CHANNELS = "/drift/kanaler"


def of_channels(session: Session) -> Iterator[Matter]:
    """What came back and is no good, and the ways that nothing can come back by."""
    for slip, fault, since, key in session.execute(slips.faults()):
        if slip is None:
            said = f"Kvitteringer kan ikke leses: {fault}"
            yield Matter(Kind.CHANNEL, said, since, OPERATOR, CHANNELS)
        else:
            said = f"{fault} (Kvittering {slip}.)"
            yield Matter(Kind.RECEIPT, said, since, OPERATOR, page_of(key) if key else CHANNELS)


def without_receipt(
    sent: Iterable[tuple[Outbound, str]], calendar: Calendar, by_key: Mapping[str, Item]
) -> Iterator[Matter]:
    """What was sent, or about to be, by a run that is over; what was sent may take until its deadline.

    `sent` is what has no receipt, each with the state of its run.
    """
    for outbound, state in sent:
        item = by_key.get(outbound.occurrence_key)
        waits = state == "sent" and item is not None and not item.status.late
        if item is None or waits or state in LIVE or is_answered(outbound):
            continue
        name, receiver = name_of(item, calendar), calendar.parties[outbound.receiver].name
        content = f"(SHA-256 {outbound.manifest_sha256})"
        if state == "sent":
            kind = Kind.UNCONFIRMED
            said = f"{receiver} har ikke kvittert for {name} innen fristen {content}."
        else:
            kind, said = Kind.UNKNOWN, f"Vi vet ikke om {name} kom fram til {receiver} {content}."
        yield Matter(kind, said, outbound.intended_at, OPERATOR, page_of(item.key))
