"""Seen: a deadline as readers saw it before and after a change, and how often it changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.diff import WORDS, Change, Reader
from scheduler.calendar.occurrence import NATIONAL, DateStatus, Occurrence
from scheduler.ledger.tables import CalendarVersion, ChangeRow
from web.words.language import gettext as _
from web.words.language import ngettext
from web.words.text import in_letters, listed

EXCEPT_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader saw of an occurrence at one time: its name and its dates."""

    name: str
    nominal: date
    due: date
    clock_time: str
    proposed: bool

    @classmethod
    def of(cls, snapshot: Mapping[str, Any] | None) -> "Seen | None":
        if snapshot is None:
            return None
        return cls(
            snapshot["name"],
            date.fromisoformat(snapshot["nominal"]),
            date.fromisoformat(snapshot["due"]),
            snapshot["clock_time"],
            snapshot["date_status"] == "proposed",
        )

    @classmethod
    def will_be(cls, occurrence: Occurrence | None, name: str) -> "Seen | None":
        """What a reader sees of an occurrence that stands in no ledger yet."""
        if occurrence is None:
            return None
        proposed = occurrence.date_status is DateStatus.PROPOSED
        return cls(name, occurrence.nominal, occurrence.due, occurrence.clock_time, proposed)


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline's change, with the places that share it; `words` as in `ChangeRow`."""

    kind: str
    deliverable: str
    cycle: str
    before: Seen | None
    after: Seen | None
    words: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        seen = self.after or self.before
        return seen.name if seen else self.deliverable

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(key.rpartition("/")[2] for key in self.keys)


def counted(kind: str, number: int) -> str:
    """How many deadlines a version did something to: én frist flyttet, to nye frister."""
    count = in_letters(number)
    match kind:
        case "moved":
            return ngettext("én frist flyttet", "%(count)s frister flyttet", number, count=count)
        case "added":
            return ngettext("én ny frist", "%(count)s nye frister", number, count=count)
        case "withdrawn":
            return ngettext(
                "én frist trukket tilbake", "%(count)s frister trukket tilbake", number, count=count
            )
        case "reinstated":
            return ngettext(
                "én frist gjeninnført", "%(count)s frister gjeninnført", number, count=count
            )
        case "reworded":
            return ngettext(
                "én frist med ny tekst", "%(count)s frister med ny tekst", number, count=count
            )
    raise KeyError(kind)


def reworded(entry: Entry) -> str:
    """What is new beside the dates: «Nytt er navnet og mottakeren.», and the former name."""
    before, after = entry.before, entry.after
    words = [_(WORDS[word]) for word in entry.words if word in WORDS]
    told = []
    if words:
        new = _("Nytt") if entry.kind == "reworded" else _("Nytt er også")
        told.append(f"{new}: {listed(words)}.")
    if before and after and before.name != after.name:
        told.append(_("Fristen het tidligere «%(name)s».", name=before.name))
    if before and after and before.proposed != after.proposed:
        told.append(
            _("Datoen er nå foreslått.") if after.proposed else _("Datoen er nå bekreftet.")
        )
    return " ".join(told)


@dataclass(frozen=True, slots=True)
class Past:
    """One change of one occurrence, and the version that made it."""

    at: datetime
    kind: str
    announced: bool
    before: Seen | None
    after: Seen | None
    version: int
    decided_by: str


def entries_of(rows: Iterable[ChangeRow]) -> list[Entry]:
    """The changes of a version, equal places together, in the order they came."""
    return _together(
        (row.kind, row.occurrence_key, Seen.of(row.before), Seen.of(row.after), tuple(row.words))
        for row in rows
    )


def entries_ahead(changes: Iterable[Change], in_use: Calendar) -> list[Entry]:
    """The same of changes that nobody has published, of the calendar in use."""
    former = Reader(in_use)
    return _together(
        (
            change.kind.value,
            change.key,
            Seen.will_be(change.before, former.name(change.deliverable)),
            Seen.will_be(change.after, change.name),
            change.words,
        )
        for change in changes
    )


def _together(
    changes: Iterable[tuple[str, str, Seen | None, Seen | None, tuple[str, ...]]],
) -> list[Entry]:
    found: dict[tuple[Any, ...], list[str]] = {}
    for kind, key, before, after, words in changes:
        deliverable, cycle, stage, _ = key.split("/")
        alike = (kind, deliverable, cycle, stage, before, after, words)
        found.setdefault(alike, []).append(key)
    return [
        Entry(kind, deliverable, cycle, before, after, words, tuple(keys))
        for (kind, deliverable, cycle, _, before, after, words), keys in found.items()
    ]


def history_of(session: Session, key: str) -> list[Past]:
    """Every change of an occurrence, newest first."""
    query = (
        select(ChangeRow, CalendarVersion.published_by)
        .join(CalendarVersion, CalendarVersion.number == ChangeRow.version)
        .where(ChangeRow.occurrence_key == key)
        .order_by(ChangeRow.id.desc())
    )
    return [
        Past(
            row.at,
            row.kind,
            row.announced,
            Seen.of(row.before),
            Seen.of(row.after),
            row.version,
            published_by,
        )
        for row, published_by in session.execute(query)
    ]


def places(scopes: Sequence[str], counties: Mapping[str, str]) -> str:
    """Alle fylker, alle fylker unntatt Oslo, or the names."""
    inside = [counties.get(scope, scope) for scope in scopes if scope != NATIONAL]
    if len(inside) < len(scopes):
        return _("Hele landet")
    if len(inside) == len(counties):
        return _("Alle fylker")
    missing = [name for number, name in counties.items() if number not in scopes]
    if len(missing) <= EXCEPT_AT_MOST < len(inside):
        return _("Alle fylker unntatt %(names)s", names=listed(missing))
    return listed(inside)
