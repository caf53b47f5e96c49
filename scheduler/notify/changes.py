"""Changes: what a version changed, deadline by deadline, as a notice tells it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import DateStatus
from scheduler.calendar.words import day_of_year
from scheduler.ledger.state import outcome_word
from scheduler.ledger.tables import ChangeRow
from scheduler.notify.letter import Entry
from scheduler.notify.roles import scope_name
from scheduler.notify.wording import due_and_nominal, joined, link, standing_of_date

# Kind -> what one and several are called, and what happens to it in a subscribed calendar.
KINDS = {
    "moved": ("Endret frist", "endrede frister"),
    "added": ("Ny frist", "nye frister"),
    "withdrawn": ("Frist trukket tilbake", "frister trukket tilbake"),
    "reinstated": ("Frist gjelder igjen", "frister som gjelder igjen"),
    "reworded": ("Endret omtale av frist", "frister med endret omtale"),
}
MOST_ENTRIES = 25
NAMED = 2


@dataclass(frozen=True, slots=True)
class Dates:
    """A deadline's dates as readers saw them."""

    nominal: date
    due: date
    clock_time: str
    status: str

    @classmethod
    def of(cls, seen: Mapping[str, Any] | None) -> Self | None:
        if seen is None or seen["withdrawn"]:
            return None
        nominal, due = (date.fromisoformat(seen[name]) for name in ("nominal", "due"))
        return cls(nominal, due, seen["clock_time"], seen["date_status"])

    @property
    def told(self) -> str:
        return due_and_nominal(self.due, self.nominal, self.clock_time)


@dataclass(frozen=True, slots=True)
class Changed:
    """One change that one or more scopes share; `settled` is how those were closed before it."""

    kind: str
    deliverable: str
    name: str
    cycle: str
    before: Dates | None
    after: Dates | None
    words: tuple[str, ...]
    settled: str
    scopes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """Such as: Endret frist: ssbElev, 1. levering (22. oktober i stedet for 23. oktober)."""
        told = f"{KINDS[self.kind][0]}: {self.name}"
        if not self.after:
            return told
        day = day_of_year(self.after.due)
        if self.before and self.before.due != self.after.due:
            return f"{told} ({day} i stedet for {day_of_year(self.before.due)})"
        return told if self.kind == "reworded" else f"{told} ({day})"


def grouped(rows: Sequence[ChangeRow], outcomes: Mapping[str, str | None]) -> list[Changed]:
    """Changes of the same deadline and the same dates together, by the day that comes first."""
    shared: dict[Changed, list[str]] = defaultdict(list)
    for row in rows:
        scope = row.occurrence_key.rpartition("/")[2]
        shared[_changed(row, outcomes.get(row.occurrence_key))].append(scope)
    found = [replace(change, scopes=tuple(sorted(scopes))) for change, scopes in shared.items()]
    return sorted(found, key=lambda change: (_first_day(change), change.name, change.scopes))


def _changed(row: ChangeRow, outcome: str | None) -> Changed:
    deliverable, cycle, _, _ = row.occurrence_key.split("/")
    return Changed(
        row.kind,
        deliverable,
        (row.after or row.before or {})["name"],
        cycle,
        Dates.of(row.before),
        Dates.of(row.after),
        tuple(row.words or ()),
        _settled(outcome),
    )


def _settled(outcome: str | None) -> str:
    return "" if outcome == "withdrawn" else outcome_word(outcome)


def _first_day(change: Changed) -> date:
    return min((dates.due for dates in (change.before, change.after) if dates), default=date.max)


def subject(changes: Sequence[Changed]) -> str:
    """What a notice is about: the change itself, or how many there are of which sort."""
    first, names = changes[0], list(dict.fromkeys(change.name for change in changes))
    kinds = {change.kind for change in changes}
    if len(names) == 1 and len(kinds) == 1:
        more = {change.cycle for change in changes} - {first.cycle}
        return f"{first.headline}, også neste skoleår" if more else first.headline
    many = KINDS[first.kind if len(kinds) == 1 else "moved"][1]
    listed = (
        joined(names[:NAMED]) if len(names) <= NAMED else f"{', '.join(names[:NAMED])} og flere"
    )
    return f"{len(changes)} {many}: {listed}"


def entries(calendar: Calendar, changes: Sequence[Changed], today: date) -> tuple[Entry, ...]:
    """A letter's entries: old and new date, how sure it is, and what it means for what is past."""
    shown = [_entry(calendar, change, today) for change in changes[:MOST_ENTRIES]]
    rest = len(changes) - len(shown)
    return (*shown, *([Entry(f"og {rest} til; se hele listen på siden")] if rest else []))


def _entry(calendar: Calendar, change: Changed, today: date) -> Entry:
    facts = [("Hva", KINDS[change.kind][0])]
    if change.after:
        facts.append(("Ny frist" if change.before != change.after else "Frist", change.after.told))
    if change.before and change.before != change.after:
        facts.append(("Før", change.before.told))
    if change.words:
        facts.append(("Endret tekst", joined(list(change.words))))
    row = calendar.deliverables.get(change.deliverable)
    status = change.after.status if change.after else DateStatus.PROPOSED
    if change.after:
        facts.append(("Datoen", standing_of_date(status, row)))
    if row and row.scope == "county":
        facts.append(("Gjelder", _places(calendar, change.scopes)))
    facts += [("Merk", note) for note in _notes(change, today)]
    return Entry(change.name, tuple(facts), link(f"/frist/{change.deliverable}"))


def _places(calendar: Calendar, scopes: Sequence[str]) -> str:
    if set(scopes) == set(calendar.counties):
        return "alle fylker"
    return joined([scope_name(calendar, scope) for scope in scopes])


def _notes(change: Changed, today: date) -> list[str]:
    notes = []
    if change.settled:
        notes.append(f"Denne er alt avsluttet ({change.settled}). Endringen rører ikke det.")
    elif change.before and change.before.due < today:
        notes.append("Den gamle fristen var passert da endringen kom.")
    if change.after and change.after.due < today and not change.settled:
        notes.append("Den nye fristen er alt passert.")
    return notes
