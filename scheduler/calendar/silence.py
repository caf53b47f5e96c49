"""Silence: when what a row sends may leave, by its receiver's quiet hours."""

from datetime import datetime

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.expansion import workdays_of
from scheduler.calendar.kinds import Kind
from scheduler.calendar.model import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.words import day_of_year


def quiet_until(calendar: Calendar, row: Deliverable | None, now: datetime) -> datetime | None:
    """When what the row sends may leave; None when it may now. What comes in is never held."""
    if row is None or row.kind is Kind.IMPORT or row.receiver is None:
        return None
    quiet = calendar.parties[row.receiver].quiet
    if quiet is None:
        return None
    return quiet.until(now, workdays_of(calendar, SchoolYear.of(now.astimezone(OSLO).date())))


def waits(until: datetime, now: datetime) -> str:
    """In the middle of a sentence: «venter til 06.00», «venter til 4. januar kl. 00.00»."""
    day, at = until.astimezone(OSLO).date(), f"{until.astimezone(OSLO):%H.%M}"
    soon = (day - now.astimezone(OSLO).date()).days <= 1 and at != "00.00"
    return f"venter til {at}" if soon else f"venter til {day_of_year(day)} kl. {at}"
