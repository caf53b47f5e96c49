"""Decisions: what people have settled about a row, year by year, and what they have not."""

from typing import Annotated

from pydantic import Field, model_validator

from scheduler.calendar.evidence import Label
from scheduler.calendar.fields import (
    CountyRef,
    Frozen,
    FullDateField,
    SchoolYearField,
    Sentence,
    SourceRef,
)
from scheduler.calendar.school_year import SchoolYear

SchoolYearOf = Annotated[SchoolYearField, Field(description="Skoleåret datoen gjelder.")]
Counties = Annotated[tuple[CountyRef, ...], Field(description="Bare disse fylkene.")]
StageName = Annotated[str | None, Field(description="Trinnet, for rader som gjentas.")]


class OfOneYear(Frozen):
    """What holds for one school year: for one stage or all, in some counties or all."""

    school_year: SchoolYearOf
    stage: StageName = None
    counties: Counties = ()

    def overlaps(self, other: "OfOneYear") -> bool:
        """Whether both may speak of the same stage of the same year in the same county."""
        stages = {self.stage, other.stage}
        return (
            self.school_year == other.school_year
            and (None in stages or len(stages) == 1)
            and (
                not (self.counties and other.counties)
                or bool(set(self.counties) & set(other.counties))
            )
        )

    def rivals(self, other: "OfOneYear") -> bool:
        """Whether neither goes before the other: one for a county goes before one for all."""
        return self.overlaps(other) and bool(self.counties) == bool(other.counties)


class Confirmed(OfOneYear):
    """A date its owner has announced for one school year; it replaces the rule that year."""

    announced: FullDateField = Field(description="Datoen slik den er kunngjort.")
    effective: FullDateField | None = Field(
        default=None, description="Datoen som gjelder; ellers flytteregelen."
    )
    source: SourceRef = Field(description="Hvor datoen er kunngjort.")

    @model_validator(mode="after")
    def _in_its_school_year(self) -> "Confirmed":
        if self.announced not in SchoolYear(self.school_year):
            found = SchoolYear.of(self.announced)
            raise ValueError(f"Datoen ligger i skoleåret {found}, ikke i {self.school_year}.")
        return self


class Override(OfOneYear):
    """A person's decision to move one year's date: the last word, after shift and closures."""

    date: FullDateField = Field(description="Datoen som gjelder i stedet. Den flyttes ikke videre.")
    reason: Sentence = Field(description="Hvorfor, i en setning som begynner med stor bokstav.")
    decided_by: Sentence = Field(description="Hvem som bestemte det, med rolle eller navn.")
    label: Label = Field(description="Hvordan vi kjenner beslutningen.")

    @model_validator(mode="after")
    def _in_its_school_year(self) -> "Override":
        if self.date not in SchoolYear(self.school_year):
            found = SchoolYear.of(self.date)
            raise ValueError(
                f"Datoen ligger i skoleåret {found}, ikke i {self.school_year}. "
                "En frist kan ikke flyttes ut av skoleåret sitt."
            )
        return self


class Undecided(Frozen):
    """An open question about a row, carried until somebody decides: the dates stay proposals."""

    question: Sentence = Field(description="Det som ikke er avklart, som et spørsmål.")
    part: Sentence | None = Field(
        default=None, description="Delen av raden det gjelder; ellers hele raden."
    )
    decided_by: Sentence = Field(description="Hvem som må avgjøre det.")
    label: Label = Field(description="Hvordan vi vet at det er åpent.")
    note: str = Field(default="", description="Hva vi gjør så lenge.")

    @property
    def in_words(self) -> str:
        """The question, what it is about and who must answer it, as Norwegian sentences."""
        about = f" ({self.part})" if self.part else ""
        return f"Ikke avklart{about}: {self.question} Avgjøres av {self.decided_by}. {self.note}".rstrip()
