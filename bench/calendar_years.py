"""Ten years of the calendar for every county, against a rule library used the plain way."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import holidays
from dateutil.rrule import YEARLY, rrule

from bench.rows import Row, seconds
from scheduler.calendar import Calendar, SchoolYear, expand, load_calendar
from scheduler.settings import PROJECT_ROOT

FIRST_YEAR, YEARS = 2026, 10


def run() -> Iterator[Row]:
    calendar = load_calendar(PROJECT_ROOT / "calendar.yaml")
    days = _yearly_days(calendar)
    found: dict[str, int] = {}

    def ours() -> None:
        years = range(FIRST_YEAR, FIRST_YEAR + YEARS)
        found["ours"] = sum(len(expand(calendar, str(SchoolYear.starting(year)))) for year in years)

    def peer() -> None:
        found["peer"] = sum(len(_rolled(day)) for day in days)

    took, peer_took = (seconds(action, time.process_time) for action in (ours, peer))
    yield Row(
        f"Calendar, {YEARS} years × {len(calendar.counties)} counties: CPU for 1000 dates",
        took / found["ours"] * 1e6,
        peer_took / found["peer"] * 1e6,
        "ms",
        f"an rrule for each row and county, rolled off holidays ({found['peer']} dates to our "
        f"{found['ours']}, which carry their derivation as sentences and as facts)",
    )


def _yearly_days(calendar: Calendar) -> list[date]:
    """The day of every occurrence of one year: what the peer's rules repeat."""
    year = str(SchoolYear.starting(FIRST_YEAR))
    return [occurrence.nominal for occurrence in expand(calendar, year)]


def _rolled(day: date) -> list[date]:
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - rrule's own days
    return [_working_day(found.date()) for found in rrule(YEARLY, dtstart=start, count=YEARS)]


NORWAY = holidays.Norway(language="no", years=range(FIRST_YEAR - 1, FIRST_YEAR + YEARS + 2))


def _working_day(day: date) -> date:
    while day.weekday() >= 5 or day in NORWAY:
        day -= timedelta(days=1)
    return day
