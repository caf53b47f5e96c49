"""Diff: what differs between two calendars, deadline by deadline, as readers would see it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.expansion import expand
from scheduler.calendar.model import Calendar
from scheduler.calendar.occurrence import Occurrence

DAYS = ("nominal", "due", "reference_date", "opens", "clock_time")
# The same, and whether they are confirmed: all that a row says of when.
DATES = (*DAYS, "date_status")
# What a row says beside its dates; the value is what a reader sees, so ids stand with their names.
_PLAIN = ("name", "description", "kind", "activity", "audience", "evidence", "undecided")
# What else than the dates may change, as people read it.
WORDS = {
    "name": "navnet",
    "description": "beskrivelsen",
    "kind": "hva slags rad det er",
    "activity": "om raden er i bruk",
    "audience": "målgruppene",
    "evidence": "hvordan vi kjenner raden",
    "undecided": "hva som ikke er avklart",
    "county": "fylkets navn",
    "date_status": "om datoen er bekreftet",
    "trace": "forklaringen av datoen",
    "reference": "telledatoens tekst",
    "areas": "fagområdene",
    "sender": "avsenderen",
    "receiver": "mottakeren",
    "copies_to": "kopimottakerne",
}


def dates_that_differ(one: Any, other: Any) -> list[str]:
    """The names of the dates (DATES) that two occurrences, or rows of them, do not share."""
    return [name for name in DATES if getattr(one, name) != getattr(other, name)]


class ChangeKind(StrEnum):
    """What became of a deadline; REINSTATED is one that was withdrawn and is back."""

    ADDED = "added"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    REWORDED = "reworded"


HEADINGS = {
    ChangeKind.MOVED: "Flyttet",
    ChangeKind.ADDED: "Ny",
    ChangeKind.WITHDRAWN: "Trukket tilbake",
    ChangeKind.REINSTATED: "Gjeninnført",
    ChangeKind.REWORDED: "Ny tekst",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of one occurrence: its dates before and after, and which words differ.

    `name` is the deliverable's name after the change, or before it when it is gone. `words` names
    the reader's words that changed, as the fields of calendar.yaml are named; "date_status" and
    "trace" are the status and the explanation of the date.
    """

    kind: ChangeKind
    key: str
    deliverable: str
    cycle: str
    stage: str
    scope: str
    before: Occurrence | None
    after: Occurrence | None
    name: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Reader:
    """What a reader of `calendar` sees of an occurrence."""

    calendar: Calendar
    _words: dict[str, dict[str, Any]] = field(default_factory=dict)

    def name(self, deliverable: str) -> str:
        """The row's name, or its id where the calendar does not have it."""
        row = self.calendar.deliverables.get(deliverable)
        return row.name if row else deliverable

    def sees(self, occurrence: Occurrence) -> dict[str, Any]:
        """Every word and date, by name, as plain JSON values; no words for a row that is not there."""
        return {
            **self._words_of(occurrence.deliverable),
            "county": self._county(occurrence.scope),
            **{name: str(getattr(occurrence, name)) for name in DATES},
            "trace": [
                [step.kind.value, step.date.isoformat(), step.sentence, step.source]
                for step in occurrence.trace
            ],
        }

    def _county(self, scope: str) -> str:
        county = self.calendar.counties.get(scope)
        return county.name if county else ""

    def _words_of(self, deliverable: str) -> dict[str, Any]:
        if deliverable not in self._words:
            row = self.calendar.deliverables.get(deliverable)
            self._words[deliverable] = self._read(row) if row else {}
        return self._words[deliverable]

    def _read(self, row: Deliverable) -> dict[str, Any]:
        words = row.model_dump(mode="json", include={*_PLAIN})
        parties = {name: party.name for name, party in self.calendar.parties.items()}
        areas = self.calendar.areas
        return words | {
            "reference": row.reference_date,
            "areas": [[area, areas[area].name] for area in row.areas],
            "sender": _named(row.sender, parties),
            "receiver": _named(row.receiver, parties),
            "copies_to": [_named(party, parties) for party in row.copies_to],
        }


def _named(party: str | None, names: Mapping[str, str]) -> list[str] | None:
    return [party, names[party]] if party else None


def compare(old: Calendar, new: Calendar, cycles: Iterable[str]) -> list[Change]:
    """What `new` changes in the school years `cycles`, by deadline, stage and scope."""
    readers = Reader(old), Reader(new)
    changes = []
    for cycle in cycles:
        before = {found.key: found for found in expand(old, cycle)}
        after = {found.key: found for found in expand(new, cycle)}
        for key in sorted(before.keys() | after.keys()):
            change = change_of(before.get(key), after.get(key), *readers)
            changes += [change] if change else []
    return changes


def change_of(
    before: Occurrence | None, after: Occurrence | None, old: Reader, new: Reader
) -> Change | None:
    """The change from `before` to `after`, at most one of them None; None when a reader sees none."""
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.WITHDRAWN
        return describe(kind, before, after, old, new)
    if old.sees(before) == new.sees(after):
        return None
    return describe(moved_or_reworded(before, after), before, after, old, new)


def moved_or_reworded(before: Occurrence, after: Occurrence) -> ChangeKind:
    """Moved when any of its days or its time of day is another; else only its words differ."""
    moved = any(getattr(before, name) != getattr(after, name) for name in DAYS)
    return ChangeKind.MOVED if moved else ChangeKind.REWORDED


def describe(
    kind: ChangeKind,
    before: Occurrence | None,
    after: Occurrence | None,
    old: Reader,
    new: Reader,
) -> Change:
    """The change as a value; one of the occurrences must be there."""
    found = after or before
    if found is None:
        raise ValueError("a change needs an occurrence")
    return Change(
        kind,
        found.key,
        found.deliverable,
        found.cycle,
        found.stage,
        found.scope,
        before,
        after,
        (new if after else old).name(found.deliverable),
        tuple(_changed_words(before, after, old, new)),
    )


def _changed_words(
    before: Occurrence | None, after: Occurrence | None, old: Reader, new: Reader
) -> Iterator[str]:
    """The explanation counts only where the date is the same: with another date it is another."""
    if before is None or after is None:
        return
    first, then = old.sees(before), new.sees(after)
    same_date = (before.nominal, before.due) == (after.nominal, after.due)
    for name in (name for name in then if name in first):
        if name not in DAYS and first[name] != then[name] and (name != "trace" or same_date):
            yield name
