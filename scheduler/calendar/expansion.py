"""From the calendar to the occurrences of a school year, each with its dates and their trace."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from scheduler.calendar.decisions import Confirmed, OfOneYear
from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.derivation import by_announcement, by_override, by_rule, by_shift
from scheduler.calendar.kinds import Scope
from scheduler.calendar.model import Calendar
from scheduler.calendar.occurrence import NATIONAL, DateStatus, Occurrence, TraceStep
from scheduler.calendar.rules import Anchor, Setting
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.words import MonthDay
from scheduler.calendar.workdays import Workdays

Entry = TypeVar("Entry", bound=OfOneYear)


@dataclass(frozen=True, slots=True)
class Dated:
    """The dates of one stage of a row in one place, before they are given to its counties."""

    stage: str
    nominal: date
    due: date
    reference_date: date | None
    opens: date | None
    date_status: DateStatus
    trace: tuple[TraceStep, ...]


def expand(calendar: Calendar, cycle: str) -> list[Occurrence]:
    """Every dated occurrence of a school year that is not inactive, in all scopes, by due date."""
    year = SchoolYear(cycle)
    shared = Place(calendar, year)
    own = {county: Place(calendar, year, county, shared) for county in counties_apart(calendar)}
    rows = [row for row in calendar.deliverables.values() if row.is_active and row.due]
    found = [
        _occurrence(row, dated, year, scope)
        for row in rows
        for scope in ([NATIONAL] if row.scope is Scope.NATIONAL else calendar.counties)
        for dated in own.get(scope, shared).dated(row.id)
    ]
    return sorted(found, key=lambda occurrence: (occurrence.due, occurrence.key))


def workdays_of(calendar: Calendar, cycle: str, county: str | None = None) -> Workdays:
    """The working days around a school year: public holidays, common closures, the county's own."""
    start = SchoolYear(cycle).start_year
    closed = {
        day: closure.name
        for closure in calendar.closures
        if not closure.counties or county in closure.counties
        for day in closure.days(range(start - 1, start + 4))
    }
    return Workdays(closed)


@dataclass(slots=True)
class Place:
    """One school year in one county, or in all counties that have nothing of their own.

    `nation` is where a county's place finds the national rows, which have one date for all.
    """

    calendar: Calendar
    year: SchoolYear
    county: str | None = None
    nation: "Place | None" = None
    workdays: Workdays = field(init=False)
    _known: dict[str, tuple[Dated, ...]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.workdays = workdays_of(self.calendar, self.year, self.county)
        if self.county and self.nation is None:
            self.nation = Place(self.calendar, self.year)

    def dated(self, name: str) -> tuple[Dated, ...]:
        """The dates of a row, stage by stage."""
        if name not in self._known:
            row = self.calendar.deliverables[name]
            elsewhere = self.nation if row.scope is Scope.NATIONAL else None
            self._known[name] = elsewhere.dated(name) if elsewhere else tuple(self._stages(row))
        return self._known[name]

    def _due_of(self, name: str) -> tuple[date, str]:
        return self.dated(name)[0].due, f"«{self.calendar.deliverables[name].name}»"

    def _stages(self, row: Deliverable) -> Iterator[Dated]:
        if row.due is None:
            return
        setting = Setting(self.year, self.workdays, self._due_of, row.reference_day)
        for number, anchor in enumerate(row.due.anchors(setting), start=1):
            yield self._stage(row, str(number) if row.recurring else row.stage.value, anchor)

    def _stage(self, row: Deliverable, stage: str, anchor: Anchor) -> Dated:
        confirmed = self._settled(row.confirmed, stage)
        nominal = confirmed.announced if confirmed else anchor.day
        trace = self._trace(row, stage, anchor, confirmed)
        due = trace[-1].date
        return Dated(
            stage=stage,
            nominal=nominal,
            due=due,
            reference_date=_latest(row.reference_day, max(nominal, due)),
            opens=row.opens_on(nominal, due),
            date_status=DateStatus.CONFIRMED if confirmed else DateStatus.PROPOSED,
            trace=trace,
        )

    def _trace(
        self, row: Deliverable, stage: str, anchor: Anchor, confirmed: Confirmed | None
    ) -> tuple[TraceStep, ...]:
        """Rule, announcement, shift, closure, and last what a person decided."""
        steps = [by_rule(anchor, self.year), *(by_announcement(confirmed) if confirmed else ())]
        if row.due and not (confirmed and confirmed.effective):
            steps += by_shift(steps[-1].date, row.due.shift, self.workdays)
        decided = self._settled(row.overrides, stage)
        if decided:
            steps.append(by_override(decided, steps[-1].date, self.workdays))
        return tuple(steps)

    def _settled(self, entries: tuple[Entry, ...], stage: str) -> Entry | None:
        """What is settled for this stage here; one for the county goes before one for all."""
        found = [
            entry
            for entry in entries
            if entry.school_year == self.year
            and (entry.stage or stage) == stage
            and (not entry.counties or self.county in entry.counties)
        ]
        return max(found, key=lambda entry: bool(entry.counties), default=None)


def counties_apart(calendar: Calendar) -> set[str]:
    """The counties whose dates may differ from the others'."""
    closed = {county for closure in calendar.closures for county in closure.counties}
    rows = calendar.deliverables.values()
    settled = (entry for row in rows for entry in row.of_one_year)
    return closed | {county for entry in settled for county in entry.counties}


def _latest(day: MonthDay | None, limit: date) -> date | None:
    return day.latest(limit) if day else None


def _occurrence(row: Deliverable, dated: Dated, year: SchoolYear, scope: str) -> Occurrence:
    return Occurrence(
        deliverable=row.id,
        cycle=str(year),
        stage=dated.stage,
        scope=scope,
        nominal=dated.nominal,
        due=dated.due,
        reference_date=dated.reference_date,
        opens=dated.opens,
        clock_time=row.time or "",
        date_status=dated.date_status,
        trace=dated.trace,
    )
