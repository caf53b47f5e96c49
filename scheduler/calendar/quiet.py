"""Quiet: when nothing is sent to a receiver, in Norwegian time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from pydantic import Field, model_validator

from scheduler.calendar.fields import ClockTime, Frozen, FullDateField, Sentence
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.workdays import LONGEST_CLOSURE_DAYS, Workdays

DAY = timedelta(days=1)
# Between these the clock is moved: a time there is missing one night a year, and comes twice another.
UNSAFE = ("02:00", "03:00")
# A year of nights and of days off, one after the other.
MOST_STEPS = 2 * 366


class QuietPeriod(Frozen):
    """Days when nothing is sent, with the reason."""

    first: FullDateField = Field(alias="from", description="Første dag.")
    last: FullDateField = Field(alias="to", description="Siste dag.")
    reason: Sentence = Field(description="Hvorfor, i en setning.")

    @model_validator(mode="after")
    def _a_period(self) -> "QuietPeriod":
        if not 0 <= (self.last - self.first).days < LONGEST_CLOSURE_DAYS:
            raise ValueError(
                f"Perioden må slutte etter at den begynner og vare høyst {LONGEST_CLOSURE_DAYS} dager."
            )
        return self


class Quiet(Frozen):
    """When nothing is sent to a receiver: at night, on days off, in periods."""

    first: ClockTime | None = Field(
        default=None, alias="from", description='Fra dette klokkeslettet, for eksempel "22:00".'
    )
    last: ClockTime | None = Field(
        default=None, alias="to", description='Til dette klokkeslettet, for eksempel "06:00".'
    )
    non_working_days: bool = Field(
        default=False, description="Heller ikke på helligdager, i helger og når alle har stengt."
    )
    periods: tuple[QuietPeriod, ...] = Field(
        default=(), description="Heller ikke i disse periodene."
    )

    @model_validator(mode="after")
    def _whole(self) -> "Quiet":
        if (self.first is None) != (self.last is None) or (self.first and self.first == self.last):
            raise ValueError("Skriv både «from» og «to», med hvert sitt klokkeslett.")
        if any(each and UNSAFE[0] <= each < UNSAFE[1] for each in (self.first, self.last)):
            raise ValueError(
                "Klokkeslett mellom 02:00 og 03:00 mangler eller kommer to ganger når klokka stilles. "
                "Velg et annet."
            )
        return self

    def until(self, now: datetime, workdays: Workdays) -> datetime | None:
        """When sending may begin again, in UTC; None when it may now."""
        at = now
        for _ in range(MOST_STEPS):
            ends = next(
                (last for first, last in self._around(at, workdays) if first <= at < last), None
            )
            if ends is None:
                break
            at = ends
        return at if at > now else None

    def _around(self, at: datetime, workdays: Workdays) -> Iterator[tuple[datetime, datetime]]:
        """The quiet spans that may hold an instant, in UTC: wall clocks are no measure when they move."""
        day = at.astimezone(OSLO).date()
        if self._is_off(day, workdays):
            yield _instant(day, time()), _instant(day + DAY, time())
        if self.first and self.last:
            first, last = time.fromisoformat(self.first), time.fromisoformat(self.last)
            for evening in (day - DAY, day):
                morning = evening + DAY if last < first else evening
                yield _instant(evening, first), _instant(morning, last)

    def _is_off(self, day: date, workdays: Workdays) -> bool:
        return (self.non_working_days and not workdays.is_working(day)) or any(
            period.first <= day <= period.last for period in self.periods
        )


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, OSLO).astimezone(UTC)
