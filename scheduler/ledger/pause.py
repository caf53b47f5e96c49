"""Pause: what an operator has set on hold, for how long and why; pure."""

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import day_of_year, long_date


@dataclass(frozen=True, slots=True)
class Pause:
    """Everything, a deliverable, a county, or the one in the other; None is all of them.

    A county's pause leaves national occurrences alone; `sends_only` leaves imports alone. `until` is the first day, in Norway, that it
    no longer holds; None is until somebody ends it.
    """

    number: int
    deliverable: str | None
    county: str | None
    until: date | None
    actor: str
    reason: str
    begun_at: datetime
    sends_only: bool = False
    ended_at: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""

    def covers(self, deliverable: str, scope: str, *, sends: bool) -> bool:
        """Whether an occurrence is within it; `sends` is whether its job gives something out."""
        within = self.deliverable in (None, deliverable) and self.county in (None, scope)
        return within and (sends or not self.sends_only)

    def holds(self, now: datetime) -> bool:
        return self.ended_at is None and not self.has_run_out(now)

    def has_run_out(self, now: datetime) -> bool:
        """Its last day is over, and nobody has said that they know."""
        over = self.until is not None and now.astimezone(OSLO).date() >= self.until
        return self.ended_at is None and over

    @property
    def in_words(self) -> str:
        """In the middle of a sentence: «på pause til 3. desember: Nytt fagsystem»."""
        return f"på pause{self._to}: {self.reason}"

    @property
    def _to(self) -> str:
        if self.until is None:
            return ""
        return f" til {day_of_year(self.until) if self.same_year else long_date(self.until)}"

    @property
    def same_year(self) -> bool:
        """Whether it ends in the year it began, which then goes without saying."""
        return self.until is not None and self.until.year == self.begun_at.astimezone(OSLO).year


def longest(pauses: tuple[Pause, ...]) -> Pause | None:
    """The one that ends last, which is the one to tell of; an open one before any with a day."""
    return max(pauses, key=lambda pause: pause.until or date.max, default=None)
