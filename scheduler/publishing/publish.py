"""Publish: a calendar becomes the one that holds, and those it touches are told, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.ledger.draft import calendar_in_use
from scheduler.ledger.history import newest_version
from scheduler.ledger.planner import PlanResult, lock_planning, plan
from scheduler.ledger.runs import LedgerError
from scheduler.notify.notices import announce
from scheduler.notify.tables import NoticeRow
from scheduler.publishing.rollover import approve_first, carry_over

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Publication:
    """The version in use after publishing, and what it changed; `is_new` False when it was before."""

    number: int
    is_new: bool
    plan: PlanResult
    notices: tuple[NoticeRow, ...]


def publish(
    session: Session,
    calendar: Calendar,
    text: str,
    by: str,
    why: str,
    now: datetime,
    *,
    over: int | None = None,
) -> Publication:
    """Publish `calendar`, read from `text`, in the session's transaction.

    The same text a second time is nothing. Two at once take turns; `over` is the version that the
    publisher saw the difference from, and another one in use by then raises LedgerError.
    """
    lock_planning(session)
    newest = newest_version(session)
    if over is not None and (newest is None or newest.number != over):
        raise LedgerError("Noen publiserte mens du leste; se på forskjellen på nytt.")
    before = calendar_in_use(session)
    result = plan(session, calendar, text, now, _tidied(by), why.strip())
    if newest is None:
        approve_first(session, calendar, now)
    elif before is not None:
        carry_over(session, before, calendar, result.version.number, now)
    told = announce(session, calendar, result.version, result.announced, now)
    return Publication(result.version.number, result.is_new, result, tuple(told))


def _tidied(by: str) -> str:
    name = " ".join(by.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise LedgerError(f"Skriv hvem som publiserer, med høyst {LONGEST_NAME} vanlige tegn.")
    return name
