"""Situation: all that the decisions of one instant rest on, read at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.ledger.many import where_in
from scheduler.notify.directory import Directory, read_directory
from scheduler.notify.escalation import Unanswered, read_unanswered
from scheduler.notify.matters import Matter, WorkdaysIn, read_matters, workdays_in
from scheduler.notify.tables import MessageRow

# A digest is of one week; older ones decide nothing.
DIGESTS_BACK = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Situation:
    """The calendar, who is reached, what is near or late, what is unanswered, what was sent."""

    calendar: Calendar
    workdays: WorkdaysIn
    directory: Directory
    matters: Sequence[Matter]
    unanswered: Sequence[Unanswered]
    sent: frozenset[str]

    def after(self, ids: Iterable[str]) -> "Situation":
        """The same once these messages have been sent as well."""
        return replace(self, sent=self.sent | frozenset(ids))


def read_situation(session: Session, calendar: Calendar, now: datetime) -> Situation:
    """What holds at `now`; the messages are those of the matters, the notices and the digests."""
    matters, unanswered = read_matters(session, calendar, now), read_unanswered(session)
    threads = {matter.thread for matter in matters} | {notice.thread for notice in unanswered}
    return Situation(
        calendar,
        workdays_in(calendar),
        read_directory(session),
        matters,
        unanswered,
        frozenset(_sent(session, threads, now)),
    )


def _sent(session: Session, threads: Collection[str], now: datetime) -> Iterable[str]:
    digests = select(MessageRow.id).where(MessageRow.kind == "digest")
    yield from session.scalars(digests.where(MessageRow.created_at >= now - DIGESTS_BACK))
    for row in where_in(session, select(MessageRow.id), MessageRow.thread, threads):
        yield row.id
