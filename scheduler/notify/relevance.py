"""Relevance: whether a queued message still says what is so, asked right before it is sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.tables import OccurrenceRow
from scheduler.notify.escalation import overtaken
from scheduler.notify.matters import matters_of
from scheduler.notify.tables import ContactRow, MessageRow, NoticeRow


def still_true(session: Session, calendar: Calendar, message: MessageRow, now: datetime) -> bool:
    """False when the contact is gone, the matter settled, moved or silenced, or a newer step came.

    A notice stays true: it tells what a version changed. What is made of it when nobody answers
    does not, once somebody has, or a later version has told the same anew.
    """
    contact = session.get(ContactRow, message.contact_id)
    if contact is None or not (contact.active or message.kind == "test"):
        return False
    told = message.payload
    if "until" in told and now >= datetime.fromisoformat(told["until"]):
        return False
    if message.kind == "escalation" and "notice" in told:
        notice = session.get(NoticeRow, told["notice"])
        return notice is not None and _still_asked(session, notice)
    if "key" in told and "due" in told:
        return _is_open(session, calendar, message, now)
    return True


def _still_asked(session: Session, notice: NoticeRow) -> bool:
    return notice.acknowledged_at is None and not overtaken(session, [notice])


def _is_open(session: Session, calendar: Calendar, message: MessageRow, now: datetime) -> bool:
    told = message.payload
    row = session.get(OccurrenceRow, told["key"], populate_existing=True)
    if row is None or row.outcome is not None or row.due.isoformat() != told["due"]:
        return False
    today = now.astimezone(OSLO).date()
    here = [
        matter
        for matter in matters_of(session, calendar, row.key)
        if matter.place == (message.scope, message.role)
    ]
    return any(not matter.silenced(told["step"], today) for matter in here)
