"""Poster sheet: what the wheel poster says, as plain values for its template."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.evidence import LABELS
from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.rules import Weekly
from scheduler.calendar.words import WEEKDAYS, both_dates, count, day_of_year
from scheduler.feeds.selection import Selection
from scheduler.ledger.state import State
from scheduler.ledger.views import Item
from web.wheel.groups import Group
from web.wheel.shapes import SHAPES, TONE_COLOURS
from web.wheel.year import MonthOfGroups, months_of

Sheet = dict[str, Any]
# A ring is told from another by its number; the colour helps the eye. Each is readable on white.
INKS = ("#0b5394", "#9a3b00", "#5b3a8c", "#00665c", "#9c1f5b", "#56610a")
FEW_COUNTIES = 3
NO_BREAK = "\N{NO-BREAK SPACE}"
SHAPE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 16 16" width="16" height="16">'
    '<path fill="{}" fill-rule="evenodd" d="{}"/></svg>'
)


def rings_shown(calendar: Calendar, selection: Selection) -> list[tuple[str, str]]:
    """(key, numbered name) of the chosen areas, from the outermost ring inwards."""
    areas = [key for key in calendar.areas if not selection.omrade or key in selection.omrade]
    return [(key, f"{n}  {calendar.areas[key].name}") for n, key in enumerate(areas, 1)]


def ring_of(group: Group, rings: Sequence[tuple[str, str]]) -> int | None:
    """Which ring, from 0, a deadline stands in: its first area that is shown."""
    keys = [key for key, _ in rings]
    return next((keys.index(area) for area in group.first.areas if area in keys), None)


def ink_of(ring: int) -> str:
    return INKS[ring % len(INKS)]


def lists_of(
    groups: Sequence[Group], rings: Sequence[tuple[str, str]], counties: Mapping[str, str]
) -> Sheet:
    """The deadlines as lists: by month, and what comes every week in one line each."""
    weekly = [group for group in groups if _rule(group.first)]
    single = [group for group in groups if not _rule(group.first)]
    return {
        "months": [_month(month, rings, counties) for month in months_of(single)],
        "weekly": [
            _series(list(members), rings, counties)
            for _, members in groupby(sorted(weekly, key=_row), key=_row)
        ],
    }


def legend_of(groups: Iterable[Group]) -> Sheet:
    """The states that the wheel shows, and what the letters of the evidence stand for."""
    shown = {group.status.state for group in groups}
    return {
        "states": [
            {"shape": _shape(state), "label": state.label} for state in State if state in shown
        ],
        "labels": [f"{letter} = {words}" for letter, words in LABELS.items()],
    }


def _row(group: Group) -> str:
    return group.first.occurrence.deliverable


def _rule(item: Item) -> Weekly | None:
    rule = item.deliverable.due if item.deliverable else None
    return rule if isinstance(rule, Weekly) else None


def _month(
    month: MonthOfGroups, rings: Sequence[tuple[str, str]], counties: Mapping[str, str]
) -> Sheet:
    entries = [_entry(group, rings, counties) for group in month.groups]
    return {"name": month.title, "entries": entries}


def _entry(group: Group, rings: Sequence[tuple[str, str]], counties: Mapping[str, str]) -> Sheet:
    return {
        "ring": ring_of(group, rings),
        "day": f"{WEEKDAYS[group.due.weekday()][:2]}.{NO_BREAK}{group.due.day}.",
        "name": group.first.row_name,
        "notes": [*_when(group), *_where(group, counties), _doubt(group)],
        "undecided": group.first.undecided,
        "status": _status(group),
    }


def _when(group: Group) -> list[str]:
    clock = group.first.occurrence.clock_time
    moved = group.nominal != group.due
    return [
        *([f"kl.{NO_BREAK}{clock.replace(':', '.')}"] if clock else []),
        *(
            [f"i kalenderen {WEEKDAYS[group.nominal.weekday()]} {_day(group.nominal)}"]
            if moved
            else []
        ),
    ]


def _day(day: date) -> str:
    return day_of_year(day).replace(" ", NO_BREAK)


def _where(group: Group, counties: Mapping[str, str]) -> list[str]:
    """Nothing for the whole country, all counties, or the one county the poster is for."""
    scopes = {item.scope for item in group.items}
    if NATIONAL in scopes or len(counties) == 1 or scopes == set(counties):
        return []
    if len(scopes) > FEW_COUNTIES:
        return [f"{len(scopes)} fylker"]
    return [", ".join(counties.get(scope, scope) for scope in sorted(scopes))]


def _doubt(group: Group) -> str:
    """Foreslått (I), or bekreftet; the letter is how the day is known."""
    if not group.proposed:
        return "bekreftet"
    row = group.first.deliverable
    label = f"{NO_BREAK}({row.evidence.day_label or row.evidence.label})" if row else ""
    return f"foreslått{label}"


def _status(group: Group) -> Sheet | None:
    if not group.first.tracked:
        return None
    return {"shape": _shape(group.status.state), "words": group.summary}


def _shape(state: State) -> str:
    return SHAPE.format(TONE_COLOURS[state.tone], SHAPES[state])


def _series(
    groups: list[Group], rings: Sequence[tuple[str, str]], counties: Mapping[str, str]
) -> Sheet:
    """A weekly row: its weekday, first and last turn, extra days, and every turn that is moved."""
    first = groups[0]
    rule = _rule(first.first)
    weekday = rule.weekly if rule else 0
    days = sorted({group.nominal for group in groups})
    weeks = [day for day in days if day.weekday() == weekday]
    extra = [day for day in days if day.weekday() != weekday]
    words = [f"hver {WEEKDAYS[weekday]} fra {_span(weeks)}"] if weeks else []
    words += [f"i tillegg {', '.join(map(_day, extra))}"] if extra else []
    return {
        "ring": ring_of(first, rings),
        "name": first.first.row_name,
        "words": [*words, f"{count(len(days), 'gang', 'ganger')} i alt"],
        "moved": [
            ", ".join([both_dates(group.nominal, group.due), *_where(group, counties)])
            for group in groups
            if group.nominal != group.due
        ],
        "notes": [next((_doubt(g) for g in groups if g.proposed), _doubt(first))],
        "undecided": first.first.undecided,
    }


def _span(weeks: Sequence[date]) -> str:
    return f"{_day(weeks[0])} til {_day(weeks[-1])}"


def document_title(cycle: str, shown: str) -> str:
    year = SchoolYear(cycle)
    return f"Årshjul {year.start_year}–{year.start_year + 1}: {shown}"
