"""Date rules: the ways a row of the calendar file may say when, and the days they give."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from pydantic import Field, model_validator

from scheduler.calendar.fields import (
    Frozen,
    MonthDayField,
    MonthField,
    OneOrMore,
    WeekdayField,
)
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.words import MONTHS, ORDINALS, WEEKDAYS, MonthDay
from scheduler.calendar.workdays import Shift, Workdays

WEEK = timedelta(weeks=1)


class Anchor(NamedTuple):
    """A day that a rule gives, before any shift, the words for the rule, and what it was given.

    The facts are plain JSON values from which the day can be worked out again.
    """

    day: date
    words: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may need to know: the school year, the working days, other rows' due dates."""

    year: SchoolYear
    workdays: Workdays
    due_of: Callable[[str], tuple[date, str]]
    reference: MonthDay | None


class Rule(Frozen):
    """What every rule has: where its date goes when it is not a working day."""

    shift: Shift = Field(
        default=Shift.NONE, description="Hva som skjer når dagen ikke er en arbeidsdag."
    )

    @property
    def recurring(self) -> bool:
        return False

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        raise NotImplementedError


class OnDay(Rule):
    """En fast dag hvert skoleår: `date: 24. oktober`."""

    date: MonthDayField = Field(description="Dagen, for eksempel 24. oktober.")

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        facts = {"rule": "date", "value": str(self.date)}
        yield Anchor(setting.year.day(self.date), str(self.date), facts)


class OnDays(Rule):
    """Flere faste dager hvert skoleår: `dates: [15. oktober, 15. november]`."""

    dates: tuple[MonthDayField, ...] = Field(min_length=2, description="Dagene.")

    @property
    def recurring(self) -> bool:
        return True

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        for day in sorted(self.dates, key=setting.year.day):
            yield Anchor(setting.year.day(day), str(day), {"rule": "dates", "value": str(day)})


class OnWorkingDay(Rule):
    """En arbeidsdag i måneden: `working_day: 1`, `month: juli`; minus teller fra slutten."""

    working_day: int = Field(
        ge=-15, le=15, description="Nummeret; -1 er månedens siste arbeidsdag."
    )
    month: OneOrMore[MonthField] = Field(
        min_length=1, description="Måneden, eller en liste av måneder."
    )

    @model_validator(mode="after")
    def _not_zero(self) -> "OnWorkingDay":
        if self.working_day == 0:
            raise ValueError(
                "«working_day» kan ikke være 0. Skriv 1 for den første eller -1 for den siste."
            )
        return self

    @property
    def recurring(self) -> bool:
        return len(self.month) > 1

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        months = sorted(self.month, key=lambda month: (setting.year.year_of(month), month))
        ordinal = ORDINALS.get(self.working_day, f"{abs(self.working_day)}.")
        end = " fra slutten" if self.working_day < -1 else ""
        for month in months:
            year = setting.year.year_of(month)
            day = setting.workdays.nth_of_month(year, month, self.working_day)
            first, last = _month(year, month)
            closed = setting.workdays.closures_between(min(first, day), max(last, day))
            facts = {"rule": "working_day", "nth": self.working_day, "month": MONTHS[month - 1]}
            words = f"{ordinal} arbeidsdag{end} i {MONTHS[month - 1]}"
            yield Anchor(day, words, facts | {"closed": closed})


class OnWeekday(Rule):
    """En ukedag i måneden: `weekday: mandag`, `nth: 1`, `month: januar`."""

    weekday: WeekdayField = Field(description="Ukedagen.")
    nth: int = Field(description="Hvilken i måneden, 1 til 4; -1 er den siste.")
    month: MonthField = Field(description="Måneden.")

    @model_validator(mode="after")
    def _exists_every_year(self) -> "OnWeekday":
        if self.nth not in ORDINALS:
            raise ValueError(
                f"{self.nth}. {WEEKDAYS[self.weekday]} i {MONTHS[self.month - 1]} finnes ikke hvert år. "
                "Skriv et tall fra 1 til 4, eller -1 for den siste."
            )
        return self

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        year = setting.year.year_of(self.month)
        first = next_weekday(date(year, self.month, 1), self.weekday)
        day = first + (self.nth - 1) * WEEK
        if self.nth < 0:
            last = monthrange(year, self.month)[1]
            day = next_weekday(date(year, self.month, last - 6), self.weekday)
        month, weekday = MONTHS[self.month - 1], WEEKDAYS[self.weekday]
        facts = {"rule": "nth", "weekday": weekday, "nth": self.nth, "month": month}
        yield Anchor(day, f"{ORDINALS[self.nth]} {weekday} i {month}", facts)


class OnWeekdayFrom(Rule):
    """Første ukedag fra og med en dag: `weekday: mandag`, `on_or_after: 2. januar`."""

    weekday: WeekdayField = Field(description="Ukedagen.")
    on_or_after: MonthDayField = Field(description="Den tidligste dagen.")

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        day = next_weekday(setting.year.day(self.on_or_after), self.weekday)
        weekday, earliest = WEEKDAYS[self.weekday], str(self.on_or_after)
        facts = {"rule": "on_or_after", "weekday": weekday, "earliest": earliest}
        yield Anchor(day, f"første {weekday} fra og med {earliest}", facts)


class Weekly(Rule):
    """Hver uke: `weekly: mandag`, `from: 1. september`, `to: 30. juni`."""

    weekly: WeekdayField = Field(description="Ukedagen.")
    first: MonthDayField = Field(alias="from", description="Første dag i perioden.")
    last: MonthDayField = Field(alias="to", description="Siste dag i perioden.")
    also: tuple[MonthDayField, ...] = Field(default=(), description="Ekstra dager i tillegg.")

    @model_validator(mode="after")
    def _within_a_school_year(self) -> "Weekly":
        year = SchoolYear.starting(2000)
        if year.day(self.first) > year.day(self.last):
            raise ValueError(
                f"Perioden {self.first} til {self.last} krysser 1. august, der skoleåret skifter. "
                "La den begynne og slutte i samme skoleår."
            )
        return self

    @property
    def recurring(self) -> bool:
        return True

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        """The weeks first, then the extra days: an added day never renumbers the weeks."""
        weekday, begins, ends = WEEKDAYS[self.weekly], str(self.first), str(self.last)
        words = f"hver {weekday} fra {begins} til {ends}"
        facts = {"rule": "weekly", "weekday": weekday, "from": begins, "to": ends}
        day, last = (
            next_weekday(setting.year.day(self.first), self.weekly),
            setting.year.day(self.last),
        )
        weeks = []
        while day <= last:
            weeks.append(day)
            yield Anchor(day, words, facts | {"number": len(weeks)})
            day += WEEK
        for extra in sorted(self.also, key=setting.year.day):
            if (day := setting.year.day(extra)) not in weeks:
                yield Anchor(day, f"{extra}, i tillegg til {words}", facts | {"also": str(extra)})


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday on or after `day`."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
