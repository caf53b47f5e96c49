"""Reminders: what will be sent in the days to come, and what will not and why."""

from datetime import datetime

from flask import Response
from pydantic import Field

from scheduler.calendar.occurrence import NATIONAL
from scheduler.notify.planned import Planned
from scheduler.notify.preview import coming
from web.access.actors import sees_names
from web.access.masking import masked
from web.api.blueprint import MAY_SHOW_KEY, Shown, answer, blueprint
from web.api.selection import check_county
from web.api.words import MaybeCounty, Whole, Words, optional
from web.site import ledger

MAX_DAYS = 14


class PlannedShown(Shown):
    """One message that will be sent, or one that will not and why."""

    at: datetime
    kind: str
    scope: str
    role: str
    about: str = Field(description="Det meldingen gjelder.")
    key: str = Field(description="Fristen; tomt for en ukesoversikt.")
    step: str = Field(description="Trinnet, for eksempel T-3.")
    sends: bool
    why: str
    channel: str
    address: str = Field(description="Skjult uten en nøkkel som dekker fylket; tomt uten kontakt.")
    subject: str


class PlannedList(Shown):
    items: tuple[PlannedShown, ...]


class PreviewQuery(Words):
    """How far ahead, and for whom."""

    days: Whole = Field(default=7, ge=1, le=MAX_DAYS, description="Antall dager fram.")
    fylke: MaybeCounty = optional("Fylkesnummer; nasjonale meldinger er alltid med.")


@blueprint.get("/reminders/preview", responses={200: PlannedList}, security=MAY_SHOW_KEY)
def preview(query: PreviewQuery) -> Response:
    """Påminnelsene som kommer, hvis ingenting endrer seg"""
    with ledger() as found:
        if query.fylke:
            check_county(found.calendar, query.fylke)
        planned = coming(found.session, found.calendar, found.now, query.days)
    wanted = (item for item in planned if query.fylke in (None, item.place[0]) or _national(item))
    return answer(PlannedList(items=tuple(map(_shown, wanted))))


def _national(item: Planned) -> bool:
    return item.place[0] == NATIONAL


def _shown(item: Planned) -> PlannedShown:
    scope, role = item.place
    contact, covered = item.contact, sees_names(scope)
    address = contact.address if contact else ""
    return PlannedShown(
        at=item.at,
        kind=item.kind,
        scope=scope,
        role=role,
        about=item.about,
        key=item.key,
        step=item.step,
        sends=item.sends,
        why=item.why,
        channel=contact.channel if contact else "",
        address=address if covered or not address else masked(address),
        subject=item.message.subject if item.message else "",
    )
