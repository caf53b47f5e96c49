"""A transfer: whom it looks at, on which day, and the limits the rules are judged by."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FILE = Path(__file__).with_name("limits.yaml")
AUGUST = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers in limits.yaml: ages in years at the end of the calendar year, and days."""

    eldste: int
    eldste_for_2024: int
    yngste: int
    frist_dager: int
    overlapp_dager: int
    inntak_slutt: str
    formidling_slutt: str


@cache
def limits() -> Limits:
    """The limits as declared."""
    return TypeAdapter(Limits).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Transfer:
    """What a run asks: a county (None is every county), a school year ("20262027"), and the day."""

    fylkesnummer: str | None
    skolear: str
    per: date

    @cached_property
    def first_day(self) -> date:
        return date(int(self.skolear[:4]), AUGUST, 1)

    @property
    def intake_year(self) -> str:
        """The year whose applicants began, or did not begin, in this school year."""
        return self.skolear[:4]

    @property
    def hold_until(self) -> date:
        """The last day on which a continuation that was announced today is waited for."""
        return self.per + timedelta(days=limits().frist_dager)

    @property
    def oldest(self) -> int:
        """The age, at the end of the calendar year, to which the right to be followed up lasts."""
        law_of_2024 = self.per >= date(2024, AUGUST, 1)
        return limits().eldste if law_of_2024 else limits().eldste_for_2024

    def day(self, month_and_day: str) -> date:
        """A day of the school year, from "11-05"."""
        month, day = map(int, month_and_day.split("-"))
        return date(self.first_day.year + (month < AUGUST), month, day)
