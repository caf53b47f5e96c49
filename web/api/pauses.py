"""Pauses: what is on hold, set and ended with a key for the whole country."""

from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import Annotated

from flask import Response
from pydantic import Field

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger import pausing
from scheduler.ledger.pause import Pause
from scheduler.ledger.read import published_calendar
from scheduler.ledger.tables import PauseRow
from web.access.actors import NOBODYS, named
from web.api.answering import Reason
from web.api.blueprint import (
    ACTOR,
    MAY_SHOW_KEY,
    NEEDS_KEY,
    WITH_BODY,
    Shown,
    answer,
    blueprint,
    must_cover,
    said_no,
    writing,
)
from web.api.problem import CONFLICT, NOT_FOUND, Refused
from web.api.words import CountyNumber, Day, Line, Name, Nothing, Number, Words
from web.site import ledger, site

OPERATE = "styre driften"


class PauseShown(Shown):
    """What is on hold; no deliverable means every row, no county every county."""

    number: int
    deliverable: str | None
    county: str | None
    sends_only: bool = Field(description="Om den holder bare det som sendes, ikke importer.")
    until: date | None = Field(description="Første dag det går igjen; null til noen avslutter.")
    holds: bool = Field(description="Om den holder noe igjen nå.")
    actor: str = Field(description=ACTOR)
    reason: str
    begun_at: datetime
    ended_at: datetime | None
    ended_by: str = Field(description=ACTOR)
    end_reason: str
    sentence: str


class PauseList(Shown):
    items: tuple[PauseShown, ...]


class PauseWish(Words):
    """What is to be on hold, until when and why."""

    deliverable: Name | None = Field(default=None, description="Bare denne raden.")
    county: CountyNumber | None = Field(
        default=None, description="Bare dette fylket; nasjonale frister går som før."
    )
    until: Day | None = Field(default=None, description="Første dag det går igjen.")
    reason: Annotated[Line, Field(description="Begrunnelse; lagres i beslutningsloggen.")]


class PausePath(Words):
    """One pause by its number."""

    number: Number


@blueprint.get("/pauses", responses={200: PauseList}, security=MAY_SHOW_KEY)
def pauses(query: Nothing) -> Response:  # noqa: ARG001 - an address without a query
    """Det som er på pause, også det som er gått ut uten at noen har avsluttet det"""
    with ledger() as found:
        items = pausing.not_ended(found.session)
        shapes = tuple(_shown(one, found.calendar, found.now) for one in items)
        return answer(PauseList(items=shapes))


@blueprint.post(
    "/pauses", responses={201: PauseShown, **WITH_BODY, **said_no(CONFLICT)}, security=NEEDS_KEY
)
def begin_pause(query: Nothing, body: PauseWish) -> Response:  # noqa: ARG001
    """Sett alt, en rad eller et fylke på pause; ingenting går tapt, og fristene løper"""
    asker, now = must_cover(NATIONAL, OPERATE), site().clock()
    with writing() as session:
        calendar = published_calendar(session)
        begun = pausing.begin(
            session,
            calendar,
            body.deliverable,
            body.county,
            body.until,
            asker.name,
            body.reason,
            now,
        )
    return answer(_shown(begun, calendar, now), 201)


@blueprint.post(
    "/pauses/<number>/end",
    responses={200: PauseShown, **WITH_BODY, **said_no(NOT_FOUND, CONFLICT)},
    security=NEEDS_KEY,
)
def end_pause(path: PausePath, query: Nothing, body: Reason) -> Response:  # noqa: ARG001
    """Avslutt en pause; neste tikk starter det som skulle ha startet"""
    asker, now = must_cover(NATIONAL, OPERATE), site().clock()
    with writing() as session:
        if session.get(PauseRow, path.number) is None:
            raise Refused(NOT_FOUND, f"Fant ingen pause {path.number}. /api/v1/pauses viser dem.")
        calendar = published_calendar(session)
        ended = pausing.end(session, path.number, asker.name, body.reason, now)
    return answer(_shown(ended, calendar, now))


def _shown(found: Pause, calendar: Calendar, now: datetime) -> PauseShown:
    where = found.county or NOBODYS
    called = partial(named, scope=where)
    told = {
        **asdict(found),
        "actor": called(found.actor),
        "ended_by": found.ended_by and called(found.ended_by),
    }
    said = pausing.sentence(found, calendar, called)
    return PauseShown(**told, holds=found.holds(now), sentence=said)
