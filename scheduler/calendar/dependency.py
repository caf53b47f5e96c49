"""Dependency: another row that must be finished before a row can begin."""

from typing import Literal

from pydantic import Field

from scheduler.calendar.evidence import Label
from scheduler.calendar.fields import DeliverableRef, Frozen, Sentence
from scheduler.calendar.kinds import Strength


class Dependency(Frozen):
    """Another row that comes first, in the same scope or nationally.

    Without `stage` it is every occurrence of that row due no later than the one that waits; that
    a row with one deadline is due before those that wait for it, is checked when the file is read.
    """

    deliverable: DeliverableRef = Field(description="Raden som må være ferdig først.")
    stage: str | None = Field(default=None, description="Bare dette trinnet av raden.")
    strength: Strength = Field(default=Strength.HARD, description="hard, eller soft.")
    cycle: Literal["this", "previous"] = Field(
        default="this", description="Samme skoleår eller det forrige."
    )
    tight: Sentence | None = Field(
        default=None,
        description="Hvorfor det kan bli for få arbeidsdager mellom fristene; uten dette er det en feil.",
    )
    label: Label = Field(description="Hvordan vi kjenner rekkefølgen.")
