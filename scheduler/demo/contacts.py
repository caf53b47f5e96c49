"""Contacts: synthetic role addresses in every county, so that the demonstration tells somebody."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import NATIONAL
from scheduler.notify.contacts import Entry, add
from scheduler.notify.ladder import COORDINATOR as COORDINATOR_LEVEL
from scheduler.notify.ladder import DEPUTY, LEADER, RESPONSIBLE
from scheduler.notify.roles import COORDINATOR

# Nobody is registered here: the pages and `contacts check` show what that looks like.
WITHOUT = (("56", "fylke-voksen"),)
LEVELS = {RESPONSIBLE: "", DEPUTY: "-vikar", LEADER: "-leder"}


def seed_contacts(session: Session, calendar: Calendar, now: datetime) -> None:
    """Give every role its addresses, and the country a coordinator; safe to repeat."""
    for entry in _entries(calendar):
        add(session, calendar, entry, now)


def _entries(calendar: Calendar) -> Iterator[Entry]:
    for scope in (NATIONAL, *calendar.counties):
        kind = Scope.NATIONAL if scope == NATIONAL else Scope.COUNTY
        host = "nasjonal.example" if scope == NATIONAL else f"fylke{scope}.example"
        roles = [role for role, audience in calendar.audiences.items() if audience.scope is kind]
        for role in roles:
            for level, ending in LEVELS.items():
                if (scope, role) not in WITHOUT:
                    address = f"{role}{ending}@{host}"
                    yield Entry(scope, role, level, "email", address)
    coordinator = f"{COORDINATOR}@nasjonal.example"
    yield Entry(NATIONAL, COORDINATOR, COORDINATOR_LEVEL, "email", coordinator)
