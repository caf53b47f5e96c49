"""Offsets: a due date counted from another row's due date, or from the reference date."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import Field, model_validator

from scheduler.calendar.fields import AnchorRef, MonthDayField, OneOrMore
from scheduler.calendar.rules import Anchor, Rule, Setting
from scheduler.calendar.words import count, day_and_date
from scheduler.calendar.workdays import Workdays

REFERENCE_DATE = "reference_date"


class After(Rule):
    """En avstand fra fristen til en annen rad, eller fra telledatoen: `after: stat-ssbelev-l1`, `days: 7`."""

    after: OneOrMore[AnchorRef] = Field(
        min_length=1, description="Raden det regnes fra, en liste av rader, eller reference_date."
    )
    days: int | None = Field(
        default=None, ge=-366, le=366, description="Avstand i dager; minus er før."
    )
    working_days: int | None = Field(
        default=None, ge=-250, le=250, description="Avstand i arbeidsdager; minus er før."
    )
    not_after: MonthDayField | None = Field(default=None, description="Senest denne dagen.")

    @model_validator(mode="after")
    def _one_distance(self) -> "After":
        if (self.days is None) == (self.working_days is None):
            raise ValueError("Skriv enten «days» eller «working_days» sammen med «after».")
        return self

    @property
    def recurring(self) -> bool:
        return len(self.after) > 1

    def anchors(self, setting: Setting) -> Iterator[Anchor]:
        for start in self.after:
            yield self._anchor(start, setting)

    def _anchor(self, start: str, setting: Setting) -> Anchor:
        if start == REFERENCE_DATE and setting.reference:
            begin, name = setting.year.day(setting.reference), "telledatoen"
        else:
            begin, name = setting.due_of(start)
        day = self._moved(begin, setting.workdays)
        words = f"{self.distance} {name} ({day_and_date(begin)})"
        facts = self._facts(start, begin, day, setting.workdays)
        if self.not_after and (limit := setting.year.day(self.not_after)) < day:
            return Anchor(limit, f"{words}, men senest {self.not_after}", facts)
        return Anchor(day, words, facts)

    def _facts(self, start: str, begin: date, day: date, workdays: Workdays) -> dict[str, Any]:
        """What the day is counted from, and the closures passed over when working days count."""
        facts: dict[str, Any] = {"rule": "after", "row": start, "from": begin.isoformat()}
        if self.not_after:
            facts["not_after"] = str(self.not_after)
        if self.days is not None:
            return facts | {"unit": "days", "offset": self.days}
        closed = workdays.closures_between(*sorted((begin, day)))
        return facts | {"unit": "working_days", "offset": self.working_days, "closed": closed}

    def _moved(self, begin: date, workdays: Workdays) -> date:
        if self.days is not None:
            return begin + timedelta(days=self.days)
        return workdays.add(begin, self.working_days or 0)

    @property
    def distance(self) -> str:
        """In words, such as "sju dager etter"."""
        number = self.days if self.days is not None else self.working_days or 0
        words = ("dag", "dager") if self.days is not None else ("arbeidsdag", "arbeidsdager")
        return f"{count(abs(number), *words)} {'før' if number < 0 else 'etter'}"
