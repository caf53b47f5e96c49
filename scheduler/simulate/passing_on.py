"""Passing on: an operator of a replayed year signs for the forwardings that have come to their day."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.deeds import Deed, Wish, carry_out
from scheduler.engine.forwarding import passing_of
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import OccurrenceRow


def pass_on(session: Session, calendar: Calendar, actor: str, why: str, now: datetime) -> bool:
    """Sign for what has come of the counties' files; whether there was any."""
    rows = [row.id for row in calendar.deliverables.values() if row.kind is Kind.FORWARDING]
    query = select(OccurrenceRow).where(
        OccurrenceRow.deliverable.in_(rows),
        OccurrenceRow.outcome.is_(None),
        OccurrenceRow.due <= now.astimezone(OSLO).date(),
    )
    found = False
    for row in session.scalars(query.order_by(OccurrenceRow.key)).all():
        passing = passing_of(session, calendar, row)
        if passing is not None and passing.contents:
            found = True
            with suppress(LedgerError):  # somebody was first
                wish = Wish(Deed.FORWARDED, passing.sha256)
                carry_out(session, calendar, row.key, wish, actor, why, now)
    return found
