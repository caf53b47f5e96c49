"""Differences: the changes of a calendar as lines for a terminal and as JSON, alike places together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.calendar import Calendar
from scheduler.calendar.diff import DATES, DAYS, HEADINGS, WORDS, Change, ChangeKind
from scheduler.calendar.occurrence import NATIONAL, ONLY, Occurrence
from scheduler.calendar.words import short_date
from scheduler.cli.paper import DATE_STATUS, STAGES, filled

DAY_WORDS = {
    "due": "frist",
    "nominal": "etter kalenderen",
    "reference_date": "telledato",
    "opens": "åpner",
    "clock_time": "klokkeslett",
}


@dataclass(frozen=True, slots=True)
class Group:
    """One deadline's change in all the places that share it; `change` is one of them."""

    change: Change
    scopes: tuple[str, ...]


def groups_of(changes: Iterable[Change]) -> list[Group]:
    """The changes by deadline, places that share the same change as one; the order is kept."""
    found: dict[tuple[Any, ...], list[Change]] = {}
    for change in changes:
        same = (change.kind, change.deliverable, change.cycle, change.stage, change.words)
        dates = (_dates(change.before), _dates(change.after))
        found.setdefault((*same, *dates), []).append(change)
    return [Group(alike[0], tuple(change.scope for change in alike)) for alike in found.values()]


def _dates(occurrence: Occurrence | None) -> tuple[Any, ...]:
    return tuple(getattr(occurrence, name, None) for name in DATES)


def lines(changes: Sequence[Change], calendar: Calendar) -> Iterator[str]:
    """The changes under a heading for each kind, at most 80 columns wide."""
    if not changes:
        yield "Ingen forskjell i datoer eller tekst."
    for kind, heading in HEADINGS.items():
        groups = groups_of(change for change in changes if change.kind is kind)
        if groups:
            yield heading
        for group in groups:
            yield filled(_title(group, calendar), indent=2, hang=2)
            yield from (filled(line, indent=4, hang=2) for line in _details(group.change))


def _title(group: Group, calendar: Calendar) -> str:
    change = group.change
    stage = STAGES.get(change.stage, f"nr. {change.stage}")
    name = change.name if change.stage == ONLY else f"{change.name}, {stage}"
    return f"{name} ({change.deliverable}, {change.cycle}) · {places(group.scopes, calendar)}"


def places(scopes: Sequence[str], calendar: Calendar) -> str:
    """Nasjonalt, alle fylker, alle fylker unntatt Oslo, or the names."""
    names = {number: county.name for number, county in calendar.counties.items()}
    if NATIONAL in scopes:
        return "nasjonalt"
    if set(scopes) == names.keys():
        return "alle fylker"
    missing = [name for number, name in names.items() if number not in scopes]
    if len(missing) < len(names) - len(missing):
        return f"alle fylker unntatt {', '.join(missing)}"
    return ", ".join(names.get(scope, scope) for scope in scopes)


def _details(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if before is None or after is None or change.kind is ChangeKind.REINSTATED:
        found = after or before
        yield f"frist {short_date(found.due)} ({DATE_STATUS[found.date_status]})" if found else ""
        return
    for name, word in DAY_WORDS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{word} {_shown(old)} → {_shown(new)}"
    words = [WORDS[name] for name in change.words]
    if words:
        yield f"endret: {', '.join(words)}"


def _shown(value: date | str | None) -> str:
    shown = short_date(value) if isinstance(value, date) else (value or "")
    return shown or "ingen"


def as_json(group: Group) -> dict[str, Any]:
    """A group as plain values; dates as 2026-10-24."""
    change = group.change
    return {
        "kind": change.kind.value,
        "deliverable": change.deliverable,
        "name": change.name,
        "cycle": change.cycle,
        "stage": change.stage,
        "scopes": list(group.scopes),
        "before": _plain(change.before),
        "after": _plain(change.after),
        "words": list(change.words),
    }


def _plain(occurrence: Occurrence | None) -> Mapping[str, str | None] | None:
    if occurrence is None:
        return None
    days = {name: getattr(occurrence, name) for name in DAYS}
    return {name: str(value) if value else None for name, value in days.items()} | {
        "date_status": occurrence.date_status.value
    }
