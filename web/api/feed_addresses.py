"""FeedAddresses: feed addresses of one's own, made, listed and taken back by those with a key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field

from scheduler.access import feed_tokens
from scheduler.access.api_keys import Key
from scheduler.access.tables import FeedTokenRow
from scheduler.calendar.occurrence import NATIONAL
from web.api.blueprint import (
    NEEDS_KEY,
    WITH_BODY,
    Shown,
    answer,
    blueprint,
    said_no,
    writer,
    writing,
)
from web.api.problem import CONFLICT, FORBIDDEN, NOT_FOUND, Refused
from web.api.selection import Selection
from web.api.words import Line, Nothing, Sha256, Words
from web.site import ledger, site


class Chosen(Shown):
    """What an address shows; nothing chosen is everything."""

    fylke: tuple[str, ...] = ()
    omrade: tuple[str, ...] = ()
    rolle: tuple[str, ...] = ()
    frist: tuple[str, ...] = ()


class FeedAddress(Shown):
    """An address, without the secret part of it."""

    id: str
    name: str
    selection: Chosen
    created_at: datetime
    created_by: str
    revoked_at: datetime | None


class FeedAddressList(Shown):
    items: tuple[FeedAddress, ...]


class NewFeedAddress(Shown):
    """The address itself, which is shown only now."""

    events: str = Field(description="Fristene som hendelser.")
    tasks: str = Field(description="Fristene som oppgaver.")


class Wish(Selection):
    """A name for the address, and what it is to show."""

    name: Annotated[Line, Field(description="Hvem eller hva adressen er til.")]


class FeedAddressPath(Words):
    id: Sha256


@blueprint.get("/feed-tokens", responses={200: FeedAddressList}, security=NEEDS_KEY)
def feed_addresses(query: Nothing) -> Response:  # noqa: ARG001 - an address without a query
    """Egne kalenderadresser, uten hemmelighetene"""
    asker = writer()
    with ledger() as found:
        rows = feed_tokens.tokens(found.session)
        mine = (row for row in rows if _covers(asker, row.selection.get("fylke", ())))
        return answer(FeedAddressList(items=tuple(map(_shown, mine))))


@blueprint.post(
    "/feed-tokens",
    responses={201: NewFeedAddress, **WITH_BODY, **said_no(CONFLICT)},
    security=NEEDS_KEY,
)
def make_feed_address(query: Nothing, body: Wish) -> Response:  # noqa: ARG001
    """Lag en egen kalenderadresse; den vises bare i dette svaret"""
    asker = writer()
    with ledger() as found:
        body.check(found.calendar)
    if not _covers(asker, body.fylke):
        detail = f"Nøkkelen kan bare lage adresser for fylke {asker.scope}: sett fylke til det."
        raise Refused(FORBIDDEN, detail)
    chosen = {word: getattr(body, word) for word in Chosen.model_fields}
    with writing() as session:
        token = feed_tokens.create(session, body.name, chosen, asker.name, site().clock())
    root = f"{site().settings.public_url}/feed/{token}"
    made = NewFeedAddress(events=f"{root}/arshjul.ics", tasks=f"{root}/oppgaver.ics")
    return answer(made, 201)


@blueprint.delete(
    "/feed-tokens/<id>",
    responses={204: None, **said_no(FORBIDDEN, NOT_FOUND, CONFLICT)},
    security=NEEDS_KEY,
)
def take_back(path: FeedAddressPath, query: Nothing) -> Response:  # noqa: ARG001
    """Trekk en kalenderadresse tilbake; den svarer 410 fra neste runde"""
    asker = writer()
    with writing() as session:
        row = session.get(FeedTokenRow, path.id)
        if row is None:
            raise Refused(NOT_FOUND, "Fant ingen kalenderadresse med denne id-en.")
        if not _covers(asker, row.selection.get("fylke", ())):
            raise Refused(FORBIDDEN, f"Nøkkelen gjelder bare adresser for fylke {asker.scope}.")
        if row.revoked_at:
            raise Refused(CONFLICT, f"«{row.name}» er alt trukket tilbake.")
        feed_tokens.revoke(session, row.name, asker.name, site().clock())
    return Response(status=204)


def _covers(asker: Key, counties: Sequence[str]) -> bool:
    """A county's key makes and sees what shows that county alone."""
    return asker.covers(NATIONAL) or list(counties) == [asker.scope]


def _shown(row: FeedTokenRow) -> FeedAddress:
    return FeedAddress(
        id=row.sha256,
        name=row.name,
        selection=Chosen(**{word: tuple(values) for word, values in row.selection.items()}),
        created_at=row.created_at,
        created_by=row.created_by,
        revoked_at=row.revoked_at,
    )
