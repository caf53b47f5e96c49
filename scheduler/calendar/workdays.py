"""Working days: public holidays, closures, and the shift rules that move a date off them."""

from bisect import bisect_right
from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec

from scheduler.calendar.words import WEEKDAYS, long_date

DAY = timedelta(days=1)
WEEKEND = 5
# No run of closed days may be longer: a deadline is not moved a season.
LONGEST_CLOSURE_DAYS = 60


class Shift(StrEnum):
    """What happens to a date that is not a working day."""

    NONE = "none"
    FOLLOWING = "following"
    PRECEDING = "preceding"
    MODIFIED_FOLLOWING = "modified_following"


class Unresolvable(Exception):  # noqa: N818 - says what the calendar cannot do
    """No working day can be found; the message is a Norwegian sentence."""


@lru_cache(maxsize=256)
def public_holidays(year: int) -> Mapping[date, str]:
    """The Norwegian public holidays of a year with their names, Easter included."""
    return dict(_norway()(years=year, language="no").items())


@lru_cache(maxsize=256)
def _public_days_off(year: int) -> frozenset[date]:
    """Its weekends and public holidays: nothing is asked more often."""
    days = (date(year, 1, 1) + n * DAY for n in range(366 if isleap(year) else 365))
    return frozenset(day for day in days if day.weekday() >= WEEKEND) | public_holidays(year).keys()


@lru_cache(maxsize=256)
def _public_working_days(year: int) -> tuple[date, ...]:
    """All its other days, in order."""
    off = _public_days_off(year)
    days = (date(year, 1, 1) + n * DAY for n in range(366 if isleap(year) else 365))
    return tuple(day for day in days if day not in off)


@cache
def _norway() -> Callable[..., Mapping[date, str]]:
    """The library's Norway alone: its package of countries loads 250 of them, for 0.1 s."""
    library = find_spec("holidays")
    places = (library and library.submodule_search_locations) or ()
    norway = PathFinder.find_spec("norway", [f"{place}/countries" for place in places])
    if norway is None or norway.loader is None:
        raise ImportError("holidays has no Norway")
    module = module_from_spec(norway)
    norway.loader.exec_module(module)
    found: Callable[..., Mapping[date, str]] = module.Norway
    return found


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days of one place: `closed` holds its closures beyond the public holidays."""

    closed: Mapping[date, str]

    def is_public_day_off(self, day: date) -> bool:
        return day in _public_days_off(day.year)

    def is_working(self, day: date) -> bool:
        return day not in _public_days_off(day.year) and day not in self.closed

    def reason(self, day: date) -> str:
        """Why `day` is off: "en lørdag", "Langfredag", the closure's name; "" if it is not."""
        holiday = public_holidays(day.year).get(day)
        if holiday:
            return holiday
        if day.weekday() >= WEEKEND:
            return f"en {WEEKDAYS[day.weekday()]}"
        return self.closed.get(day, "")

    def reasons(self, day: date) -> list[str]:
        """The reason in parts: two holidays on one day are two reasons."""
        return self.reason(day).split("; ") if not self.is_working(day) else []

    def closures_between(self, first: date, last: date) -> dict[str, str]:
        """Closed days from `first` to `last` that are no public days off: 2026-12-24 -> its name."""
        return {
            day.isoformat(): name
            for day, name in sorted(self.closed.items())
            if first <= day <= last and not self.is_public_day_off(day)
        }

    def without_closures(self) -> "Workdays":
        return Workdays({})

    def step(self, day: date, direction: int) -> date:
        """The nearest working day strictly before (-1) or after (1) `day`."""
        found, away = day, direction * DAY
        for _ in range(LONGEST_CLOSURE_DAYS):
            found += away
            if self.is_working(found):
                return found
        closed = (
            f"Det er stengt mer enn {LONGEST_CLOSURE_DAYS} dager i strekk ved {long_date(day)}."
        )
        raise Unresolvable(closed)

    def add(self, day: date, working_days: int) -> date:
        """`day` moved by a number of working days, backwards if it is negative."""
        for _ in range(abs(working_days)):
            day = self.step(day, 1 if working_days > 0 else -1)
        return day

    def after(self, first: date, last: date) -> list[date]:
        """The working days after `first`, up to and including `last`; none if it is no later."""
        found: list[date] = []
        for year in range(first.year, last.year + 1):
            days = _public_working_days(year)
            found += days[bisect_right(days, first) : bisect_right(days, last)]
        return [day for day in found if day not in self.closed]

    def before(self, day: date, number: int) -> list[date]:
        """So many working days before `day`, the nearest first; Unresolvable where there are not."""
        reach = timedelta(days=2 * number + LONGEST_CLOSURE_DAYS)
        found = self.after(day - reach, day - DAY)[-number:] if number else []
        while len(found) < number:
            found.insert(0, self.step(found[0] if found else day, -1))
        return found[::-1]

    def nth_of_month(self, year: int, month: int, nth: int) -> date:
        """The n-th working day of a month, from the end if `nth` is negative."""
        outside = date(year, month, 1) - DAY
        if nth < 0:
            outside = date(year, month, monthrange(year, month)[1]) + DAY
        return self.add(outside, nth)

    def shift(self, day: date, rule: Shift) -> date:
        """`day` itself if it is a working day or never moves, else where the rule moves it."""
        if rule is Shift.NONE or self.is_working(day):
            return day
        if rule is Shift.PRECEDING:
            return self.step(day, -1)
        after = self.step(day, 1)
        if rule is Shift.MODIFIED_FOLLOWING and after.month != day.month:
            return self.step(day, -1)
        return after

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative if `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        days_off = {
            day
            for year in range(first.year, last.year + 1)
            for day in public_holidays(year)
            if first < day <= last and day.weekday() < WEEKEND
        }
        days_off |= {day for day in self.closed if first < day <= last and day.weekday() < WEEKEND}
        return _weekdays_until(last) - _weekdays_until(first) - len(days_off)


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from year 1, which began on a Monday, up to and including `day`."""
    weeks, days = divmod(day.toordinal(), 7)
    return weeks * WEEKEND + min(days, WEEKEND)
