"""Passing: a turn of a forwarding, as its page and the form show it: each delivery, and whether it went on."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.engine.forwarding import Passed, Passing, is_forwarding, passed_of, passing_of
from scheduler.ledger import read
from scheduler.ledger.runs import occurrence_row
from scheduler.ledger.views import Item
from web.language import message
from web.site import Ledger


class Went(StrEnum):
    """Where one delivery stands in the forwarding."""

    ON = "on"
    NOT_YET = "not-yet"
    CHANGED = "changed"
    LACKS = "lacks"


WENT = {
    Went.ON: message("Videresendt"),
    Went.NOT_YET: message("Ikke bekreftet videresendt"),
    Went.CHANGED: message("Sendt på nytt siden; det nye er ikke bekreftet videresendt"),
    Went.LACKS: message("Ikke kvittert av mottakeren ennå"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A delivery; `sha256` is its manifest's, "" while there is none on record."""

    item: Item
    sha256: str
    went: Went


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn passes on, and the newest word on it."""

    passing: Passing
    said: Passed | None
    lines: tuple[Line, ...]


def turn_of(at: Ledger, item: Item) -> Turn | None:
    """None for what is no forwarding."""
    key = item.key
    if not is_forwarding(at.calendar, item.occurrence.deliverable):
        return None
    passing = passing_of(at.session, at.calendar, occurrence_row(at.session, key))
    if passing is None:
        return None
    said = next(reversed(passed_of(at.session, key)), None)
    items = read.items_of(at.session, at.calendar, (*passing.contents, *passing.lacks), at.now)
    lines = tuple(
        Line(item, passing.contents.get(item.key, ""), _went(item.key, passing, said))
        for item in sorted(items, key=lambda item: item.key)
    )
    return Turn(passing, said, lines)


def _went(key: str, passing: Passing, said: Passed | None) -> Went:
    if key not in passing.contents:
        return Went.LACKS
    if said is None or key not in said.contents:
        return Went.NOT_YET
    return Went.ON if said.contents[key] == passing.contents[key] else Went.CHANGED
