"""Shelf: ready-made entries with what they can be chosen by, so that any selection is a join.

The scheduler writes the shelves to disk; the site reads them and needs no database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any

from scheduler.feeds.selection import NOUNS, SHARED, Selection

FORMAT = 1
BOTH = ""  # the view of a national entry, which stands in every county's file and in the shared


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, task, row or change: its bytes as text, and what a selection looks at.

    `view` is a county number, "alle", or BOTH. `counties` are those it holds for, none where it
    holds for the country. `day` and `changed_at` are ISO texts, `changed_at` in UTC.
    """

    view: str
    counties: tuple[str, ...]
    areas: tuple[str, ...]
    roles: tuple[str, ...]
    deliverable: str
    cycle: str
    day: str
    uid: str
    changed_at: str
    withdrawn: bool
    body: str


_FIELDS = tuple(field.name for field in fields(Entry))
_values = attrgetter(*_FIELDS)
_LISTS = ("counties", "areas", "roles")


@dataclass(frozen=True)
class Shelf:
    """Entries in the order they are shown; `since` is when the calendar in use was taken into use.

    `names` is word -> value -> name, for every value a selection may have.
    """

    since: str
    site: str
    domain: str
    names: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]

    @cached_property
    def _by_view(self) -> dict[str, list[Entry]]:
        views: dict[str, list[Entry]] = {view: [] for view in (*self.names["fylke"], SHARED)}
        for entry in self.entries:
            for view in views if entry.view == BOTH else (entry.view,):
                views.setdefault(view, []).append(entry)
        return views

    def select(self, selection: Selection) -> list[Entry]:
        """The entries of a selection, in order; those of one county's own file, or the shared."""
        wanted = {word: set(selection.values(word)) for word in NOUNS}
        return [e for e in self._by_view.get(selection.view, []) if _admits(wanted, e)]

    def to_bytes(self) -> bytes:
        """As JSON with a line for each entry."""
        head = {"format": FORMAT, **{k: getattr(self, k) for k in ("since", "site", "domain")}}
        lines = [json.dumps({**head, "names": self.names}, ensure_ascii=False, sort_keys=True)]
        lines += [json.dumps(_values(e), ensure_ascii=False) for e in self.entries]
        return "\n".join([*lines, json.dumps({"end": len(self.entries)}), ""]).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Shelf":
        """What `to_bytes` wrote; raises ValueError when it is not whole."""
        first, *rows, last, end = content.decode().split("\n")
        head = json.loads(first)
        if end or json.loads(last) != {"end": len(rows)} or head.pop("format") != FORMAT:
            raise ValueError("filen er ikke hel")
        try:
            return cls(**head, entries=tuple(_entry(json.loads(row)) for row in rows))
        except (TypeError, KeyError) as error:
            raise ValueError("filen er ikke skrevet av denne utgaven") from error


def _admits(wanted: Mapping[str, set[str]], entry: Entry) -> bool:
    return (
        (
            not wanted["fylke"]
            or not entry.counties
            or not wanted["fylke"].isdisjoint(entry.counties)
        )
        and (not wanted["omrade"] or not wanted["omrade"].isdisjoint(entry.areas))
        and (not wanted["rolle"] or not wanted["rolle"].isdisjoint(entry.roles))
        and (not wanted["frist"] or entry.deliverable in wanted["frist"])
        and (not wanted["skolear"] or entry.cycle in wanted["skolear"])
    )


def _entry(values: list[Any]) -> Entry:
    row = dict(zip(_FIELDS, values, strict=True))
    return Entry(**row | {name: tuple(row[name]) for name in _LISTS})
