"""Coming: the messages of the next days as lines, places that get the same on one line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.notify.planned import Planned

NOBODY = "ingen kontakt står oppført"


@dataclass(frozen=True, slots=True)
class Line:
    """One matter for one role, in all the places that are told the same at the same time."""

    at: datetime
    kind: str
    about: str
    step: str
    role: str
    sends: bool
    why: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's lines, by time."""

    day: date
    lines: tuple[Line, ...]


def days_of(planned: Iterable[Planned], county: str) -> list[Day]:
    """The days in order; with a county, its own messages and the national ones."""
    found: dict[Line, dict[str, None]] = {}
    for item in planned:
        scope, _ = item.place
        if county in ("", scope) or scope == NATIONAL:
            found.setdefault(_line(item), {})[scope] = None
    lines = (replace(line, scopes=tuple(scopes)) for line, scopes in found.items())
    by_day = groupby(sorted(lines, key=_order), key=lambda line: _day(line.at))
    return [Day(day, tuple(members)) for day, members in by_day]


def _line(item: Planned) -> Line:
    why = item.why if item.contact else NOBODY
    return Line(item.at, item.kind, item.about, item.step, item.place[1], item.sends, why, ())


def _order(line: Line) -> tuple[datetime, bool, str, str]:
    return line.at, not line.sends, line.about, line.role


def _day(instant: datetime) -> date:
    return instant.astimezone(OSLO).date()
