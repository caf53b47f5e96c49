"""Year: the groups of a school year as marks for the wheel and as months for the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from flask import url_for

from scheduler.calendar.kinds import Kind
from scheduler.ledger.state import State, Tone
from scheduler.ledger.views import Item
from web.site import Ledger
from web.wheel.choice import Choice
from web.wheel.drawing import Mark
from web.wheel.groups import Group
from web.words.dates import day_and_date, long_date, month_and_year
from web.words.language import gettext as _
from web.words.language import language, ngettext
from web.words.text import scope


class Row(NamedTuple):
    """A deadline as the year's table writes it; its line follows from these values alone."""

    due: date
    clock_time: str
    proposed: bool
    nominal: date
    url: str
    name: str
    undecided: bool
    areas: tuple[str, ...]
    where: str
    state: State
    tone: Tone
    words: str


@dataclass(frozen=True, slots=True)
class MonthOfGroups:
    """A month's first day, its heading and its deadlines."""

    first: date
    title: str
    groups: tuple[Group, ...]

    @property
    def anchor(self) -> str:
        """The name of its place on the page."""
        return f"maaned-{self.first:%Y-%m}"


def months_of(groups: Sequence[Group]) -> list[MonthOfGroups]:
    """Deadlines by the month they are due, in order."""
    by_month = groupby(
        sorted(groups, key=lambda group: group.due), key=lambda g: g.due.replace(day=1)
    )
    return [
        MonthOfGroups(first, month_and_year(first), tuple(members)) for first, members in by_month
    ]


def row_of(group: Group, at: Ledger, choice: Choice) -> Row:
    item = group.first
    return Row(
        item.due,
        item.occurrence.clock_time,
        group.proposed,
        group.nominal,
        group_url(group, choice),
        item.name,
        item.undecided,
        tuple(at.calendar.areas[key].name for key in item.areas),
        _where(at, group),
        group.status.state,
        group.status.tone,
        group.summary,
    )


def rows_of(groups: Iterable[Group], at: Ledger, choice: Choice) -> dict[Group, Row]:
    """Each deadline's line, worked out once for the table, the lists beside it and the wheel."""
    return {group: row_of(group, at, choice) for group in groups}


def _where(at: Ledger, group: Group) -> str:
    if group.alone:
        return scope(group.first.scope, at.counties)
    return ngettext("ett fylke", "%(num)s fylker", len(group.items))


def rings_of(at: Ledger, choice: Choice) -> list[tuple[str, str]]:
    """(key, name) of the areas shown, from the outermost ring inwards."""
    areas = [(key, area.name) for key, area in at.calendar.areas.items()]
    return [area for area in areas if choice.area in ("", area[0])]


def marks_of(rows: Mapping[Group, Row], choice: Choice) -> list[Mark]:
    """One mark per deadline, in the chosen area's ring or else in its first."""
    return [
        Mark(
            area=choice.area or group.first.areas[0],
            due=group.due,
            opens=_opens(group.first),
            status=group.status,
            url=row.url,
            label=mark_label(row),
            followed=group.first.tracked,
        )
        for group, row in rows.items()
        if group.first.areas
    ]


def _opens(item: Item) -> date | None:
    """Windows are drawn from the day they open, and so is what is followed up; the rest would crowd."""
    window = item.deliverable is not None and item.deliverable.kind is Kind.WINDOW
    return item.occurrence.opens if window or item.tracked else None


def group_url(group: Group, choice: Choice) -> str:
    """One occurrence's own page, or the deadline's page with every county."""
    if group.alone:
        return url_for("pages.occurrence", key=group.first.key)
    return choice.url("pages.deliverable", deliverable=group.first.occurrence.deliverable)


def mark_label(row: Row) -> str:
    """4. august 2026: ssbElev, 1. levering, Skole. Foreslått dato. Status: levert.

    With the day in the calendar when it is another: 23. oktober 2026 (i kalenderen lørdag …): …
    """
    what = ", ".join([row.name, *row.areas])
    doubts = row.proposed, row.undecided
    return _label(language(), row.nominal, row.due, what, doubts, row.words.lower())


@lru_cache(maxsize=4096)
def _label(
    _language: str, nominal: date, due: date, what: str, doubts: tuple[bool, bool], state: str
) -> str:
    """A mark says the same of the same for as long as nothing of it changes."""
    status = _("Status: %(state)s.", state=state)
    return f"{_dates(nominal, due)}: {what}.{_doubts(*doubts)} {status}"


def _dates(nominal: date, due: date) -> str:
    if nominal == due:
        return long_date(due)
    return _("%(due)s (i kalenderen %(day)s)", due=long_date(due), day=day_and_date(nominal))


def _doubts(proposed: bool, undecided: bool) -> str:
    doubts = (
        _("Foreslått dato.") if proposed else "",
        _("Ikke avklart.") if undecided else "",
    )
    return "".join(f" {doubt}" for doubt in doubts if doubt)
