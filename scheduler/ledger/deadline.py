"""Deadline: the instant a deadline is over, and how many working days something came before it; pure."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Protocol

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.workdays import Workdays

# Public working days between two days; years of deliveries ask about few pairs, again and again.
working_days = lru_cache(maxsize=10_000)(Workdays({}).between)


class Dated(Protocol):
    """What has a deadline, and perhaps the one that held when it was settled."""

    @property
    def due(self) -> date: ...
    @property
    def clock_time(self) -> str: ...
    @property
    def due_when_settled(self) -> date | None: ...
    @property
    def clock_when_settled(self) -> str: ...


@lru_cache(maxsize=4096)
def deadline(due: date, clock_time: str = "") -> datetime:
    """The last instant that is in time: the clock time in Oslo, or the end of the day."""
    at = time.fromisoformat(clock_time) if clock_time else time.max
    return datetime.combine(due, at, OSLO).astimezone(UTC)


def held_to(settled: Dated) -> tuple[date, str]:
    """The deadline that held when the outcome came, not what it has been moved to since."""
    if settled.due_when_settled is None:
        return settled.due, settled.clock_time
    return settled.due_when_settled, settled.clock_when_settled


def days_to_spare(came: datetime, settled: Dated) -> int:
    """Working days from the day it came to the deadline that held: 0 the day itself, less than 0 late.

    On a day off after the deadline, or later on the day than its hour, no working day has passed, and
    it is late all the same.
    """
    due, clock_time = held_to(settled)
    days = working_days(came.astimezone(OSLO).date(), due)
    return min(days, -1) if came > deadline(due, clock_time) else max(days, 0)
