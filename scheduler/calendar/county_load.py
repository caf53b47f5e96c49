"""CountyLoad: the working days a county really has before a deadline, school breaks taken off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.calendar.expansion import expand, workdays_of
from scheduler.calendar.model import Calendar, SchoolBreak
from scheduler.calendar.occurrence import Occurrence
from scheduler.calendar.workdays import DAY, Workdays


@dataclass(frozen=True, slots=True)
class Load:
    """One deadline in one county, and the days there are for it.

    `start` is the reference date, or the day before the window opens: counting begins on the day
    after it and includes the due date. `breaks` and `closures` name what takes days away.
    """

    occurrence: Occurrence
    start: date
    due: date
    working_days: int
    break_days: int
    breaks: tuple[SchoolBreak, ...]
    closures: tuple[str, ...]

    @property
    def effective(self) -> int:
        """Working days that are not school break."""
        return self.working_days - self.break_days


def effective_days(calendar: Calendar, cycle: str, county: str) -> list[Load]:
    """The county's own deadlines with a reference date or an opening before them, by due date."""
    workdays = workdays_of(calendar, cycle, county)
    breaks = breaks_of(calendar, county)
    found = (occurrence for occurrence in expand(calendar, cycle) if occurrence.scope == county)
    return [
        _load(occurrence, start, workdays, breaks)
        for occurrence in found
        if (start := _start(occurrence)) and start < occurrence.due
    ]


def fewest_of_each(loads: Iterable[Load]) -> list[Load]:
    """Of a row that recurs, the deadline with the fewest days left; the others as they come."""
    fewest: dict[str, Load] = {}
    for found in loads:
        name = found.occurrence.deliverable
        if name not in fewest or found.effective < fewest[name].effective:
            fewest[name] = found
    return sorted(fewest.values(), key=lambda found: found.due)


def breaks_of(calendar: Calendar, county: str) -> list[SchoolBreak]:
    """The school breaks of a county, in the order of the file."""
    return [found for found in calendar.school_breaks if county in found.counties]


def _start(occurrence: Occurrence) -> date | None:
    if occurrence.reference_date:
        return occurrence.reference_date
    return occurrence.opens and occurrence.opens - DAY


def _load(
    occurrence: Occurrence, start: date, workdays: Workdays, breaks: list[SchoolBreak]
) -> Load:
    days = [day for day in _days(start, occurrence.due) if workdays.is_working(day)]
    taken = {found: [day for day in days if found.first <= day <= found.last] for found in breaks}
    closed = workdays.closures_between(start + DAY, occurrence.due).values()
    return Load(
        occurrence=occurrence,
        start=start,
        due=occurrence.due,
        working_days=len(days),
        break_days=len({day for on in taken.values() for day in on}),
        breaks=tuple(found for found, on in taken.items() if on),
        closures=tuple(dict.fromkeys(closed)),
    )


def _days(start: date, due: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
