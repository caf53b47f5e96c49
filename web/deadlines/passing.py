"""Passing: a turn of a forwarding, as its page and the form show it: each delivery, and whether it went on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.engine.forwarding import Passed, Passing, passed_of, passing_of, words_among
from scheduler.ledger import read
from scheduler.ledger.views import Item, OccurrenceView
from web.site import Ledger
from web.words.language import message


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
# The same, as said of one delivery alone.
WENT_OF_ONE = {
    Went.ON: message("dette innholdet var med"),
    Went.NOT_YET: message("denne leveringen var ikke med"),
    Went.CHANGED: message(
        "et eldre innhold av denne leveringen; det nyeste er ikke bekreftet videresendt"
    ),
    Went.LACKS: message("denne leveringen er ikke kvittert ennå"),
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
    passing = passing_of(at.session, at.calendar, item.occurrence)
    if passing is None:
        return None
    keys = (*passing.contents, *passing.lacks)
    items = read.items_of(at.session, at.calendar, keys, at.now)
    return _turn(passing, items, passed_of(at.session, item.key))


def turn_seen(at: Ledger, view: OccurrenceView) -> Turn | None:
    """The same of what is known already: a forwarding's own words, and what its edges lead to."""
    passing = passing_of(at.session, at.calendar, view.item.occurrence)
    if passing is None:
        return None
    return _turn(passing, view.around, words_among(view.decisions))


def _turn(passing: Passing, items: Iterable[Item], words: Sequence[Passed]) -> Turn:
    said = words[-1] if words else None
    keys = {*passing.contents, *passing.lacks}
    lines = (
        Line(
            item,
            passing.contents.get(item.key, ""),
            went(item.key, passing.contents.get(item.key), said),
        )
        for item in sorted(items, key=lambda item: item.key)
        if item.key in keys
    )
    return Turn(passing, said, tuple(lines))


def went(key: str, sha256: str | None, said: Passed | None) -> Went:
    """Of a delivery, by the manifest's hash of what its receiver has; None for nothing."""
    if sha256 is None:
        return Went.LACKS
    if said is None or key not in said.contents:
        return Went.NOT_YET
    return Went.ON if said.contents[key] == sha256 else Went.CHANGED
