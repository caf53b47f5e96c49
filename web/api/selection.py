"""Selection: which counties, areas, roles and rows a request is about, checked against the calendar."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from scheduler.calendar import Calendar, SchoolYear
from scheduler.ledger.read import cycles
from web.api.problem import Fault, unknown, unusable
from web.api.words import CountyNumber, Name, Words
from web.site import Ledger

MAX_WORDS = 100
Many = Field(default=(), max_length=MAX_WORDS)


class Selection(Words):
    """The words every selection has; each may be repeated, and none given means all."""

    fylke: Annotated[
        tuple[CountyNumber, ...],
        Field(description="Fylkesnummer; nasjonale frister er alltid med."),
    ] = Many
    omrade: Annotated[tuple[Name, ...], Field(description="Fagområder.")] = Many
    rolle: Annotated[tuple[Name, ...], Field(description="Målgrupper.")] = Many
    frist: Annotated[tuple[Name, ...], Field(description="Rader i årshjulet.")] = Many

    def check(self, calendar: Calendar) -> None:
        """Raises Refused (422) with every word the calendar does not know."""
        faults = list(self._faults(calendar))
        if faults:
            raise unusable(faults)

    def _faults(self, calendar: Calendar) -> Iterator[Fault]:
        for name, known, noun in (
            ("fylke", calendar.counties, "et fylkesnummer i årshjulet"),
            ("omrade", calendar.areas, "et område i årshjulet"),
            ("rolle", calendar.audiences, "en målgruppe i årshjulet"),
            ("frist", calendar.deliverables, "en rad i årshjulet"),
        ):
            words: Iterable[str] = getattr(self, name)
            yield from (unknown(name, word, known, noun) for word in words if word not in known)


def check_county(calendar: Calendar, county: str) -> None:
    """Raises Refused (422) for a county number that the calendar does not know."""
    if county not in calendar.counties:
        noun = "et fylkesnummer i årshjulet"
        raise unusable([unknown("fylke", county, calendar.counties, noun)])


def cycle_of(found: Ledger, wanted: str | None) -> str:
    """The school year asked for, or the current one; 422 for one that nobody has planned."""
    held = cycles(found.session)
    cycle = wanted or str(SchoolYear.of(found.today))
    if cycle not in held:
        sentence = f"Skoleåret {cycle} er ikke planlagt. Velg blant: {', '.join(held)}."
        raise unusable([Fault(name="skolear", sentence=sentence)])
    return cycle
