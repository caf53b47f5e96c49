"""Inbox: what waits for a person, and the deeds that a national key may do with a deadline."""

from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field

from scheduler.calendar.occurrence import NATIONAL
from scheduler.engine.deeds import Deed, Wish, carry_out
from scheduler.inbox import inbox
from scheduler.ledger.read import published_calendar
from scheduler.ledger.tables import OccurrenceRow
from scheduler.matters.matter import Kind
from web.api.blueprint import (
    NEEDS_KEY,
    WITH_BODY,
    Shown,
    answer,
    blueprint,
    must_cover,
    said_no,
    writing,
)
from web.api.occurrences import AT_KEY, OccurrencePath, no_such
from web.api.pauses import OPERATE
from web.api.problem import CONFLICT, NOT_FOUND
from web.api.words import Instant, Line, Name, Nothing, Sha256, Words
from web.site import ledger, site


class MatterShown(Shown):
    """One thing that goes no further until somebody has acted."""

    kind: Kind
    sentence: str
    since: datetime | None
    who: str = Field(description="Hvem som kan handle.")
    url: str = Field(description="Siden der det gjøres.")


class MatterList(Shown):
    items: tuple[MatterShown, ...] = Field(description="Det som har ventet lengst, først.")


class DeedWish(Words):
    """What is to be done, why, and what it is bound to."""

    deed: Deed
    reason: Annotated[Line, Field(description="Begrunnelse; lagres i beslutningsloggen.")]
    sha256: Sha256 | None = Field(
        default=None,
        description="Det som godkjennes (approve), er uvisst (received, resend) eller er videresendt (forwarded): summen av det.",
    )
    step: Name | None = Field(
        default=None, description="Steget å fortsette fra (retry); ellers det uferdige."
    )
    reference: Line | None = Field(
        default=None, description="Referansen på mottakerens kvittering (received, forwarded)."
    )
    passed_at: Instant | None = Field(
        default=None, description="Når det ble sendt videre (forwarded); ellers nå."
    )
    over_pause: bool = Field(default=False, description="Også om fristen er på pause.")
    over_quiet: bool = Field(default=False, description="Også om mottakeren har stille tid.")


class Done(Shown):
    """What came of it; the scheduler carries an order out at its next tick."""

    key: str
    deed: Deed
    sentence: str
    at: datetime


@blueprint.get("/inbox", responses={200: MatterList})
def inbox_list(query: Nothing) -> Response:  # noqa: ARG001 - an address without a query
    """Det som venter på et menneske nå"""
    with ledger() as found:
        matters = inbox(found.session, found.calendar, found.now)
    shapes = tuple(MatterShown.model_validate(one, from_attributes=True) for one in matters)
    return answer(MatterList(items=shapes))


@blueprint.post(
    f"{AT_KEY}/deeds",
    responses={200: Done, **WITH_BODY, **said_no(NOT_FOUND, CONFLICT)},
    security=NEEDS_KEY,
)
def do_deed(path: OccurrencePath, query: Nothing, body: DeedWish) -> Response:  # noqa: ARG001
    """Kjør, tving, godkjenn, forsøk på nytt, avbryt, frita, eller si hva som ble av en levering eller videresending"""
    asker, now = must_cover(NATIONAL, OPERATE), site().clock()
    wish = Wish(
        body.deed,
        body.sha256 or "",
        body.step or "",
        body.reference or "",
        body.passed_at,
        over_pause=body.over_pause,
        over_quiet=body.over_quiet,
    )
    with writing() as session:
        if session.get(OccurrenceRow, path.key) is None:
            raise no_such(path.key)
        calendar = published_calendar(session)
        sentence = carry_out(session, calendar, path.key, wish, asker.name, body.reason, now)
    return answer(Done(key=path.key, deed=body.deed, sentence=sentence, at=now))
