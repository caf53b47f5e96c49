"""Assertion: what must hold for the dates of every year, written by those who know the work."""

from typing import Annotated

from pydantic import Field, model_validator

from scheduler.calendar.evidence import Evidence
from scheduler.calendar.fields import (
    AnchorRef,
    CountyRef,
    DeliverableRef,
    Frozen,
    MonthField,
    OneOrMore,
    Sentence,
    WeekdayField,
)

Distance = Annotated[int | None, Field(ge=0, le=250)]


class WorkingDaysAfter(Frozen):
    """How far the due dates lie from another row's latest due date on or before them."""

    row: AnchorRef = Field(description="Raden det telles fra, eller reference_date.")
    at_least: Distance = Field(default=None, description="Minst så mange arbeidsdager etter.")
    at_most: Distance = Field(default=None, description="Høyst så mange arbeidsdager etter.")

    @model_validator(mode="after")
    def _a_bound(self) -> "WorkingDaysAfter":
        if self.at_least is None and self.at_most is None:
            raise ValueError("Skriv «at_least», «at_most» eller begge.")
        return self


class Assertion(Frozen):
    """A sentence about a row and the one condition that checks it, in every year that is tried."""

    say: Sentence = Field(description="Påstanden, slik folk sier den.")
    row: DeliverableRef = Field(description="Raden den gjelder.")
    counties: tuple[CountyRef, ...] = Field(default=(), description="Bare disse fylkene.")
    in_month: OneOrMore[MonthField] | None = Field(
        default=None, description="Frist, og dag i kalenderen, er i en av disse månedene."
    )
    never_in: OneOrMore[MonthField] | None = Field(
        default=None, description="Frist, og dag i kalenderen, er aldri i disse månedene."
    )
    weekday: OneOrMore[WeekdayField] | None = Field(
        default=None, description="Fristen er på en av disse ukedagene."
    )
    before: DeliverableRef | None = Field(
        default=None, description="Fristen er før fristen til denne raden."
    )
    after: DeliverableRef | None = Field(
        default=None, description="Fristen er etter fristen til denne raden."
    )
    working_days_after: WorkingDaysAfter | None = Field(
        default=None, description="Avstand fra en annen rad, i arbeidsdager."
    )
    slack_at_least: int | None = Field(
        default=None, ge=0, le=250, description="Minste slakk mot radene som må være ferdige først."
    )
    evidence: Evidence = Field(description="Hvordan vi vet det.")

    @model_validator(mode="after")
    def _one_condition(self) -> "Assertion":
        given = [name for name in CONDITIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"Skriv nøyaktig én betingelse: {', '.join(CONDITIONS)}.")
        return self

    @property
    def compared(self) -> tuple[str, str]:
        """The condition that names another row, and that row; two empty texts where none does."""
        if self.working_days_after:
            return "working_days_after", self.working_days_after.row
        if self.before:
            return "before", self.before
        return ("after", self.after) if self.after else ("", "")


CONDITIONS = (
    "in_month",
    "never_in",
    "weekday",
    "before",
    "after",
    "working_days_after",
    "slack_at_least",
)
