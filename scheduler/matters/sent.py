"""Matters of what has gone out: whether it came, whose receipt is late, and receipts that are no good."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.channels.marking import is_answered
from jobs.register.tables import Outbound
from scheduler.calendar import Calendar
from scheduler.ledger import slips
from scheduler.ledger.runs import LIVE
from scheduler.ledger.tables import RunRow
from scheduler.ledger.views import Item
from scheduler.matters.matter import OPERATOR, Kind, Matter, name_of, page_of

CHANNELS = "/drift/kanaler"


def matters(session: Session, calendar: Calendar, by_key: Mapping[str, Item]) -> Iterator[Matter]:
    yield from _without_receipt(session, calendar, by_key)
    for slip in slips.open_slips(session):
        key = slip.occurrence_key
        said = f"{slip.said} (Kvittering {slip.id}.)"
        yield Matter(Kind.RECEIPT, said, slip.read_at, OPERATOR, page_of(key) if key else CHANNELS)
    for channel in slips.broken_channels(session):
        said = f"Kvitteringer kan ikke leses: {channel.fault}"
        yield Matter(Kind.CHANNEL, said, channel.fault_since, OPERATOR, CHANNELS)


def _without_receipt(
    session: Session, calendar: Calendar, by_key: Mapping[str, Item]
) -> Iterator[Matter]:
    """What was sent, or about to be, by a run that is over; what was sent may take until its deadline."""
    query = (
        select(Outbound, RunRow.state)
        .join(RunRow, RunRow.id == Outbound.run_id)
        .where(Outbound.received_at.is_(None), RunRow.state.not_in(LIVE))
    )
    for outbound, state in session.execute(query):
        item = by_key.get(outbound.occurrence_key)
        waits = state == "sent" and item is not None and not item.status.late
        if item is None or waits or is_answered(outbound):
            continue
        name, receiver = name_of(item, calendar), calendar.parties[outbound.receiver].name
        content = f"(SHA-256 {outbound.manifest_sha256})"
        if state == "sent":
            kind = Kind.UNCONFIRMED
            said = f"{receiver} har ikke kvittert for {name} innen fristen {content}."
        else:
            kind, said = Kind.UNKNOWN, f"Vi vet ikke om {name} kom fram til {receiver} {content}."
        yield Matter(kind, said, outbound.intended_at, OPERATOR, page_of(item.key))
