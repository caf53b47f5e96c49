"""Selection: what a reader has asked to see, as the query of an address says it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode

from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.words import nearest
from scheduler.ledger.views import Item

SHARED = "alle"
# The word in a query -> what one of its values is called.
NOUNS = {
    "fylke": "et fylkesnummer",
    "omrade": "et område",
    "rolle": "en målgruppe",
    "frist": "en frist",
    "skolear": "et skoleår",
}
Names = Mapping[str, Mapping[str, str]]


def names_of(
    calendar: Calendar, deliverables: Mapping[str, Deliverable], cycles: Iterable[str]
) -> Names:
    """What a selection may ask for: word -> value -> name."""
    return {
        "fylke": {number: county.name for number, county in calendar.counties.items()},
        "omrade": {slug: area.name for slug, area in calendar.areas.items()},
        "rolle": {slug: role.name for slug, role in calendar.audiences.items()},
        "frist": {slug: row.name for slug, row in deliverables.items()},
        "skolear": {cycle: cycle for cycle in sorted(cycles)},
    }


class Chosen(Protocol):
    """The words that pick among deadlines; each empty one stands for all."""

    @property
    def fylke(self) -> tuple[str, ...]: ...
    @property
    def omrade(self) -> tuple[str, ...]: ...
    @property
    def rolle(self) -> tuple[str, ...]: ...
    @property
    def frist(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen values of each word, sorted, so that equal selections are equal.

    A word without values stands for all of them; several values stand for any of them.
    """

    fylke: tuple[str, ...] = ()
    omrade: tuple[str, ...] = ()
    rolle: tuple[str, ...] = ()
    frist: tuple[str, ...] = ()
    skolear: tuple[str, ...] = ()

    @classmethod
    def of(cls, chosen: Mapping[str, Iterable[str]]) -> "Selection":
        """From word -> values; other words, and empty values, say nothing."""
        return cls(*(tuple(sorted({v for v in chosen.get(word, ()) if v})) for word in NOUNS))

    def values(self, word: str) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, word)
        return found

    @property
    def view(self) -> str:
        """The file it is cut from: a single county's, or the one for all."""
        return self.fylke[0] if len(self.fylke) == 1 else SHARED

    @property
    def is_whole_file(self) -> bool:
        """Whether it is all of its view, so that the file may be sent as it stands."""
        one_county = Selection(fylke=self.fylke) if len(self.fylke) == 1 else Selection()
        return self == one_county

    @property
    def query(self) -> str:
        """The whole selection as a query with its question mark, always in the same order."""
        said = urlencode([(word, value) for word in NOUNS for value in self.values(word)])
        return f"?{said}" if said else ""

    def address(self, file: str) -> str:
        """The canonical path of a file with this selection; `file` is "{view}.csv" or the like."""
        rest = self if self.view == SHARED else replace(self, fylke=())
        return f"/kalender/{file.format(view=self.view)}{rest.query}"

    def unknown(self, names: Names) -> str:
        """A sentence on the first value that the calendar does not have, or nothing."""
        for word, noun in NOUNS.items():
            for value in self.values(word):
                if value not in names[word]:
                    shown = value[:60]
                    return f"«{shown}» er ikke {noun} i årshjulet.{nearest(shown, names[word])}"
        return ""

    def title(self, names: Names) -> str:
        """What it shows, in words: Vestland, Oppfølgingstjenesten."""
        counties = [names["fylke"][value] for value in self.fylke] or ["alle fylker"]
        others = [names[word][v] for word in NOUNS if word != "fylke" for v in self.values(word)]
        return ", ".join([*counties, *others])


def admits(chosen: Chosen, item: Item) -> bool:
    """Whether a deadline is among the chosen; national ones belong to every county."""
    audience = item.deliverable.audience if item.deliverable else ()
    return (
        (not chosen.fylke or item.scope in (*chosen.fylke, NATIONAL))
        and (not chosen.omrade or not set(chosen.omrade).isdisjoint(item.areas))
        and (not chosen.rolle or not set(chosen.rolle).isdisjoint(audience))
        and (not chosen.frist or item.occurrence.deliverable in chosen.frist)
    )
