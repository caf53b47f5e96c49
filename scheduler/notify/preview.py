"""Preview: what will be sent in the days to come, and what will not and why, if nothing changes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.workdays import DAY
from scheduler.notify.ladder import at_hour
from scheduler.notify.planned import Planned
from scheduler.notify.reminders import due
from scheduler.notify.situation import read_situation

QUIET = "ingenting å melde"


def coming(session: Session, calendar: Calendar, now: datetime, days: int) -> list[Planned]:
    """What `remind` would decide now and at each 08.00 of the next `days` days, in order of time.

    It is the same decision over the same facts, with the clock led forward; what is not sent
    stands once, at the first time it is passed over.
    """
    situation = read_situation(session, calendar, now)
    found: dict[tuple[object, ...], Planned] = {}
    for at in _moments(now, days):
        decided = due(situation, at)
        for planned in decided:
            if planned.why != QUIET:
                found.setdefault(_identity(planned), planned)
        situation = situation.after(item.message.id for item in decided if item.message)
    return list(found.values())


def _identity(planned: Planned) -> tuple[object, ...]:
    if planned.message:
        return (planned.message.id,)
    return (planned.kind, planned.key, planned.step, planned.place, planned.contact)


def _moments(now: datetime, days: int) -> Iterator[datetime]:
    yield now
    first = now.astimezone(OSLO).date()
    at_eight = (at_hour(first + n * DAY) for n in range(days + 1))
    yield from (at for at in at_eight if now < at <= now + timedelta(days=days))
