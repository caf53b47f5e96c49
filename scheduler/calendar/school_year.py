"""SchoolYear: the cycle, written "2026-2027", from 1 August to 31 July."""

import re
from datetime import date
from typing import Self

from scheduler.calendar.words import MonthDay

FIRST_MONTH = 8
KNOWN_YEARS = range(1900, 2200)
_PATTERN = re.compile(r"(\d{4})-(\d{4})")


class SchoolYear(str):
    """A school year as text, with its days; equal to the plain string."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        match = _PATTERN.fullmatch(text)
        if not match or int(match[2]) != int(match[1]) + 1 or int(match[1]) not in KNOWN_YEARS:
            raise ValueError(f"«{text}» er ikke et skoleår. Skriv for eksempel 2026-2027.")
        return super().__new__(cls, text)

    @classmethod
    def starting(cls, year: int) -> Self:
        return cls(f"{year:04}-{year + 1:04}")

    @classmethod
    def of(cls, day: date) -> Self:
        """The school year that `day` lies in."""
        return cls.starting(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @property
    def start_year(self) -> int:
        return int(self[:4])

    @property
    def first_day(self) -> date:
        return date(self.start_year, FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        return date(self.start_year + 1, FIRST_MONTH - 1, 31)

    @property
    def previous(self) -> Self:
        return self.starting(self.start_year - 1)

    @property
    def next(self) -> Self:
        return self.starting(self.start_year + 1)

    def year_of(self, month: int) -> int:
        """The calendar year in which this school year has `month`."""
        return self.start_year + (month < FIRST_MONTH)

    def day(self, month_day: MonthDay) -> date:
        """The date of a yearly day in this school year."""
        return month_day.in_year(self.year_of(month_day.month))

    def __contains__(self, item: object) -> bool:
        """Whether a date lies in the school year; for text, as in any string."""
        if isinstance(item, date):
            return self.first_day <= item <= self.last_day
        return super().__contains__(item)  # type: ignore[operator]
