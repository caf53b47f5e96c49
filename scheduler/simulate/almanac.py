"""Almanac: the calendar of a simulation, for some counties, and with a date that is moved."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import yaml

from scheduler.calendar import Calendar, CalendarError, expand, parse_calendar
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import ONLY
from scheduler.calendar.words import long_date
from scheduler.calendar.workdays import Workdays

DAYS_MOVED = (-3, -2, 2, 3, 5)
DECIDED_BY = "Simulert avgjørelse"


@dataclass(frozen=True, slots=True)
class Edition:
    """A calendar and the text it was read from."""

    text: str
    calendar: Calendar

    @classmethod
    def read(cls, text: str) -> "Edition":
        return cls(text, parse_calendar(text, "calendar.yaml"))


@dataclass(frozen=True, slots=True)
class Move:
    """One row's date in one school year, moved: what is published in the middle of the year."""

    edition: Edition
    row: str
    cycle: str
    before: date
    after: date


def narrowed(text: str, counties: Collection[str]) -> str:
    """The calendar as if only these counties were in the country; all of them for none."""
    if not counties:
        return text
    whole = yaml.safe_load(text)
    kept = {number: name for number, name in whole["counties"].items() if number in counties}
    return _dumped(_pruned(whole | {"counties": {}}, set(counties)) | {"counties": kept})


def _pruned(value: Any, counties: set[str]) -> Any:
    """The same without what is said of other counties."""
    if isinstance(value, dict):
        return {
            key: [c for c in each if c in counties]
            if key == "counties" and isinstance(each, list)
            else _pruned(each, counties)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_pruned(each, counties) for each in value if _is_of(each, counties)]
    return value


def _is_of(entry: Any, counties: set[str]) -> bool:
    mine = entry.get("counties") if isinstance(entry, dict) else None
    return not mine or not counties.isdisjoint(mine)


def moved(edition: Edition, cycle: str, today: date, chance: Random) -> Move | None:
    """Move the date of some row that lies ahead in the school year; None when none may be moved."""
    rows = list(_movable(edition.calendar, cycle, today))
    chance.shuffle(rows)
    for row, due in rows:
        after = Workdays({}).add(due, chance.choice(DAYS_MOVED))
        if after <= today:
            continue
        try:
            text = _with_override(edition.text, row, cycle, after)
            return Move(Edition.read(text), row, cycle, due, after)
        except CalendarError:  # the date is bound to others, or announced already
            continue
    return None


def _movable(calendar: Calendar, cycle: str, today: date) -> Iterator[tuple[str, date]]:
    for found in expand(calendar, cycle):
        row = calendar.deliverables[found.deliverable]
        of_all = row.scope is Scope.COUNTY and found.scope == min(calendar.counties)
        if of_all and found.stage == ONLY and not row.of_one_year and found.due > today:
            yield row.id, found.due


def _with_override(text: str, row: str, cycle: str, day: date) -> str:
    whole = yaml.safe_load(text)
    entry = {
        "school_year": cycle,
        "date": long_date(day),
        "reason": "Datoen er flyttet i simuleringen.",
        "decided_by": DECIDED_BY,
        "label": "I",
    }
    whole["deliverables"][row].setdefault("overrides", []).append(entry)
    return _dumped(whole)


def _dumped(whole: dict[str, Any]) -> str:
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=1000)
