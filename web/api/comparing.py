"""Comparing: what a calendar would change if it were published now; nothing is stored."""

from datetime import date
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from scheduler.calendar import CalendarError, Fault, parse_calendar
from scheduler.calendar.diff import Change, ChangeKind
from scheduler.calendar.reading import MAX_CHARACTERS
from scheduler.publishing.impact import Impact, blast_radius
from web.api.blueprint import NEEDS_KEY, WITH_BODY, Shown, answer, blueprint
from web.api.words import Nothing, Words
from web.site import ledger


class FaultShown(Shown):
    """One thing to mend in the text; line and column count from 1."""

    line: int
    column: int
    sentence: str


class DiffShown(Shown):
    """What would change of one occurrence."""

    kind: ChangeKind
    key: str
    name: str
    before: date | None = Field(description="Fristen som gjelder nå.")
    after: date | None = Field(description="Fristen etter endringen.")
    words: tuple[str, ...] = Field(description="Feltene som endres.")


class Touched(Shown):
    """Who would be sent a notice."""

    scope: str = Field(description="national, eller fylkesnummer.")
    role: str


class ImpactShown(Shown):
    """Whom and what publishing would touch; the rest of the lists are keys of occurrences."""

    headline: str
    over: int | None = Field(description="Versjonen teksten er sammenlignet med.")
    changes: tuple[DiffShown, ...]
    told: tuple[str, ...] = Field(description="Endringer som blir varslet.")
    counties: tuple[str, ...]
    notices: tuple[Touched, ...]
    reminders: tuple[str, ...] = Field(description="Frister som får andre dager for påminnelser.")
    runs: tuple[str, ...] = Field(description="Frister som får en annen start.")
    feed_items: tuple[str, ...]
    slack_before: int | None = Field(description="Minste slakk i året nå, i arbeidsdager.")
    slack_after: int | None


class Compared(Shown):
    """Either every fault in the text, or what publishing it would change."""

    faults: tuple[FaultShown, ...]
    impact: ImpactShown | None


class Proposed(Words):
    """A calendar that somebody thinks of publishing."""

    text: Annotated[
        str,
        StringConstraints(max_length=MAX_CHARACTERS),
        Field(description="Hele teksten i calendar.yaml; høyst 1 MB."),
    ]


@blueprint.post("/calendar/compare", responses={200: Compared, **WITH_BODY}, security=NEEDS_KEY)
def compare(query: Nothing, body: Proposed) -> Response:  # noqa: ARG001 - no query
    """Kontroller en calendar.yaml og se hva den ville endret; ingenting lagres"""
    try:
        calendar = parse_calendar(body.text, "calendar.yaml")
    except CalendarError as error:
        return answer(Compared(faults=tuple(map(_fault, error.faults)), impact=None))
    with ledger() as found:
        impact = blast_radius(found.session, calendar, found.now)
    return answer(Compared(faults=(), impact=_impact(impact)))


def _fault(fault: Fault) -> FaultShown:
    return FaultShown(line=fault.line, column=fault.column, sentence=fault.sentence)


def _impact(found: Impact) -> ImpactShown:
    return ImpactShown(
        headline=found.headline,
        over=found.over,
        changes=tuple(map(_change, found.changes)),
        told=tuple(change.key for change in found.told),
        counties=found.counties,
        notices=tuple(Touched(scope=scope, role=role) for scope, role in sorted(found.notices)),
        reminders=found.reminders,
        runs=found.runs,
        feed_items=found.feed_items,
        slack_before=found.slack_before and found.slack_before.days,
        slack_after=found.slack_after and found.slack_after.days,
    )


def _change(change: Change) -> DiffShown:
    return DiffShown(
        kind=change.kind,
        key=change.key,
        name=change.name,
        before=change.before and change.before.due,
        after=change.after and change.after.due,
        words=change.words,
    )
