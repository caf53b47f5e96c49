"""A clock that is led by the hand, and can go wrong as a machine's clock does."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scheduler.calendar.occurrence import OSLO


@dataclass
class LedClock:
    """Shows the instant it was last set to, plus the error it has."""

    now: datetime
    error: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.now + self.error


def in_oslo(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a wall time in Norway, in UTC."""
    return datetime.combine(day, time(hour, minute), OSLO).astimezone(UTC)
