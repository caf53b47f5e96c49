"""The calendar: what calendar.yaml may hold, as frozen values.

This one declaration reads the file, gives editors their schema and writes the reference page.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from scheduler.calendar.assertions import Assertion
from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.evidence import Evidence
from scheduler.calendar.fields import (
    COUNTY_NUMBER,
    CountyRef,
    DeliverableRef,
    Frozen,
    FullDateField,
    MonthDayField,
    MonthField,
    PartyRef,
    Sentence,
    Slug,
)
from scheduler.calendar.kinds import Scope
from scheduler.calendar.quiet import Quiet
from scheduler.calendar.workdays import LONGEST_CLOSURE_DAYS

CountyNumber = Annotated[str, StringConstraints(pattern=COUNTY_NUMBER)]


class County(Frozen):
    """A county, under its two-digit number."""

    name: Sentence = Field(description="Fylkets navn.")


class Area(Frozen):
    """A part of the work, such as OT."""

    name: Sentence = Field(description="Områdets navn.")


class Party(Frozen):
    """Someone who delivers or receives."""

    name: Sentence = Field(description="Navnet, slik det vises.")
    at_once: int = Field(
        default=2,
        ge=1,
        le=8,
        description="Leveringer som sendes dit på en gang, på alle noder; tas i bruk ved omstart. Ellers 2.",
    )
    quiet: Quiet | None = Field(default=None, description="Når ingenting sendes dit.")


class Audience(Frozen):
    """Those whom a row concerns."""

    name: Sentence = Field(description="Målgruppens navn.")
    scope: Scope = Field(
        default=Scope.NATIONAL,
        description="county: målgruppen finnes i hvert fylke. national: én for landet.",
    )


class Source(Frozen):
    """Where something is known from."""

    title: Sentence = Field(description="Hva kilden er.")
    url: str = Field(default="", description="Adressen, når kilden er åpen.")


class Closure(Frozen):
    """Days when offices are closed: a day every year, or a period of one year."""

    name: Sentence = Field(description="Hvorfor det er stengt.")
    yearly: MonthDayField | None = Field(default=None, alias="date", description="En dag hvert år.")
    first: FullDateField | None = Field(
        default=None, alias="from", description="Første dag i en periode."
    )
    last: FullDateField | None = Field(
        default=None, alias="to", description="Siste dag i perioden."
    )
    counties: tuple[CountyRef, ...] = Field(
        default=(), description="Bare disse fylkene; ellers alle."
    )

    @model_validator(mode="after")
    def _a_day_or_a_period(self) -> "Closure":
        given = (self.yearly is not None, self.first is not None, self.last is not None)
        if given not in {(True, False, False), (False, True, True)}:
            raise ValueError(
                "Skriv enten «date» (hvert år) eller både «from» og «to» (med årstall)."
            )
        if (
            self.first
            and self.last
            and not 0 <= (self.last - self.first).days < LONGEST_CLOSURE_DAYS
        ):
            raise ValueError(
                f"Perioden må slutte etter at den begynner og vare høyst {LONGEST_CLOSURE_DAYS} dager."
            )
        return self

    def days(self, years: range) -> Iterator[date]:
        """The closed days; `years` limits those that come every year."""
        if self.yearly:
            yield from (self.yearly.in_year(year) for year in years)
        if self.first and self.last:
            length = (self.last - self.first).days + 1
            yield from (self.first + timedelta(days=n) for n in range(length))


class SchoolBreak(Frozen):
    """A school break in some counties one year: shown beside the deadlines, never moving them."""

    name: Sentence = Field(description="Ferien, for eksempel Høstferie.")
    first: FullDateField = Field(alias="from", description="Første feriedag.")
    last: FullDateField = Field(alias="to", description="Siste feriedag.")
    counties: tuple[CountyRef, ...] = Field(min_length=1, description="Fylkene som har den.")
    evidence: Evidence = Field(description="Hvordan vi vet det.")

    @model_validator(mode="after")
    def _a_period(self) -> "SchoolBreak":
        if not 0 <= (self.last - self.first).days < LONGEST_CLOSURE_DAYS:
            raise ValueError(
                f"Ferien må slutte etter at den begynner og vare høyst {LONGEST_CLOSURE_DAYS} dager."
            )
        return self


class Exempt(Frozen):
    """A row that is allowed in an empty month, with the reason for it."""

    deliverable: DeliverableRef = Field(description="Raden.")
    month: MonthField = Field(description="Måneden den er tillatt i.")
    reason: Sentence = Field(description="Hvorfor, i en setning.")


class Conflict(Frozen):
    """What is known to speak against the empty months without being in use."""

    deliverable: DeliverableRef = Field(description="Raden.")
    reason: Sentence = Field(description="Hva som strider mot hva.")


class EmptyMonths(Frozen):
    """Months when a receiver gets nothing; an active delivery in one of them is a fault."""

    receiver: PartyRef = Field(description="Mottakeren.")
    months: tuple[MonthField, ...] = Field(description="Månedene.")
    evidence: Evidence = Field(description="Hvordan vi vet det.")
    exceptions: tuple[Exempt, ...] = Field(default=(), description="Rader som likevel er tillatt.")
    known_conflicts: tuple[Conflict, ...] = Field(default=(), description="Kjente motsigelser.")


class Calendar(Frozen):
    """The whole annual cycle as data."""

    version: Literal["1"] = Field(description="Formatets versjon.")
    counties: dict[CountyNumber, County] = Field(description="Fylkene, under sitt nummer.")
    areas: dict[Slug, Area] = Field(description="Fagområdene.")
    parties: dict[Slug, Party] = Field(description="De som leverer og mottar.")
    audiences: dict[Slug, Audience] = Field(description="Målgruppene.")
    sources: dict[str, Source] = Field(description="Kildene radene viser til.")
    closures: tuple[Closure, ...] = Field(
        default=(), description="Kontorstengte dager utover helligdagene."
    )
    school_breaks: tuple[SchoolBreak, ...] = Field(
        default=(), description="Skoleferier, fylke for fylke. De flytter aldri en frist."
    )
    empty_months: tuple[EmptyMonths, ...] = Field(
        default=(), description="Måneder der en mottaker ikke får noe."
    )
    assertions: tuple[Assertion, ...] = Field(
        default=(), description="Påstander som må holde for datoene, hvert år."
    )
    deliverables: dict[Slug, Deliverable] = Field(description="Radene i årshjulet.")

    @field_validator("deliverables", mode="before")
    @classmethod
    def _name_rows(cls, value: Any) -> Any:
        """The key of a row is its id."""
        if not isinstance(value, dict):
            return value
        return {
            key: {**row, "id": key} if isinstance(row, dict) else row for key, row in value.items()
        }
