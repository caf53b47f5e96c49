"""Site: what every page needs from the process: settings, the database, the engine's steps, the clock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import current_app, g
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.runtime import RunStep
from scheduler.ledger.once import one_look
from scheduler.ledger.read import current_calendar
from scheduler.settings import Settings

EXTENSION = "aarshjul"
ReadSteps = Callable[[str], Sequence[RunStep]]


class NotPlannedYetError(Exception):
    """The ledger holds no calendar yet: the scheduler has not run its first plan."""


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """What `create_app` was given, for the pages."""

    settings: Settings
    engine: Engine
    read_steps: ReadSteps
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One request's look at the ledger: a session, the calendar in use, and one instant."""

    session: Session
    calendar: Calendar
    now: datetime

    @property
    def today(self) -> date:
        """The day in Norway."""
        return self.now.astimezone(OSLO).date()

    @property
    def counties(self) -> dict[str, str]:
        """County number -> name."""
        return {number: county.name for number, county in self.calendar.counties.items()}


def site() -> Site:
    found: Site = current_app.extensions[EXTENSION]
    return found


@contextmanager
def ledger() -> Iterator[Ledger]:
    """The ledger at this instant; raises NotPlannedYetError before the first plan."""
    with one_look(site().engine) as session:
        calendar = current_calendar(session)
        if calendar is None:
            raise NotPlannedYetError
        g.reading = session  # for what a page finds out only when it says it: see web.access.actors
        yield Ledger(session, calendar, site().clock())
