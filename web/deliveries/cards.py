"""Cards: a delivery's card as a page, as a PDF to be archived and as JSON, and a school year's in one ZIP."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache

from flask import Blueprint, Response, abort, render_template, stream_with_context

from scheduler.access.roles import OPERATE
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import long_date
from scheduler.cards.archive import packed
from scheduler.cards.card import Card
from scheduler.cards.collect import Collector, begun_in_year
from scheduler.cards.year import as_bytes, is_begun, members_of_year
from scheduler.ledger import read
from scheduler.settings import PROJECT_ROOT
from web.access import who
from web.access.rights import DELIVER
from web.deliveries.card_sheet import sheet_of
from web.site import Ledger, ledger
from web.wheel.typesetting import typeset
from web.words.language import SOURCE, speaking
from web.words.language import gettext as _

blueprint = Blueprint("cards", __name__)
TEMPLATE = PROJECT_ROOT / "templates/card.typ"
KEPT = 64
NOTE = (
    "Kortet viser ingen personer og ingen skoler. Hva den enkelte linjen brøt, står i manifestet, som "
    "SHA-256 kjenner igjen. De samme opplysningene gir alltid den samme filen."
)


class NothingYetError(ValueError):
    """Nothing is sent or decided of the delivery, so there is nothing to archive."""


@blueprint.get("/kort/<path:key>")
def page(key: str) -> str:
    with ledger() as at:
        card = _card(at, key)
        (item,) = read.items_of(at.session, at.calendar, [key], at.now)
        return render_template(
            "card.html", at=at, card=card, item=item, sheet=sheet_of(at, card), begun=is_begun(card)
        )


@blueprint.get("/kort/<path:key>.pdf")
def pdf(key: str) -> Response:
    with ledger() as at:
        card = _card(at, key)
        if not is_begun(card):
            abort(404, _("Ingenting er sendt eller bestemt ennå, så det er ikke noe å arkivere."))
        made = pdf_of(at, card)
    return _file(made, "application/pdf", f"{_name(card)}.pdf")


@blueprint.get("/kort/<path:key>.json")
def facts(key: str) -> Response:
    with ledger() as at:
        card = _card(at, key)
    return _file(as_bytes(card), "application/json", f"{_name(card)}.json")


@blueprint.get("/kort/skolear/<cycle>.zip")
def year(cycle: str) -> Response:
    return _archive(cycle, None)


@blueprint.get("/kort/skolear/<cycle>/<number>.zip")
def year_of_county(cycle: str, number: str) -> Response:
    return _archive(cycle, number)


def to_download(at: Ledger, cycle: str, county: str | None = None) -> int | None:
    """How many cards a year's archive has, a county's if given; None, without a look, for those who may not."""
    person = who.me()
    may = person is not None and person.may(DELIVER if county else OPERATE, county)
    return begun_in_year(at.session, at.calendar, cycle, county) if may else None


def _card(at: Ledger, key: str) -> Card:
    found = Collector(at.session, at.calendar).card(key)
    if found is None:
        abort(404, _("Fant ingen levering med kort med denne nøkkelen."))
    return found


def _archive(cycle: str, county: str | None) -> Response:
    with ledger() as at:
        if cycle not in read.cycles(at.session) or county not in (None, *at.counties):
            abort(404, _("Fant ikke dette skoleåret eller fylket."))
    name = "-".join(("leveringskort", cycle, *([county] if county else [])))
    return _file(stream_with_context(_pieces(cycle, county)), "application/zip", f"{name}.zip")


def _pieces(cycle: str, county: str | None) -> Iterator[bytes]:
    """The archive as it is made, from one look at the ledger."""
    with ledger() as at:
        yield from archive_of(at, cycle, county)


def archive_of(at: Ledger, cycle: str, county: str | None = None) -> Iterator[bytes]:
    """The school year's cards as one ZIP, a county's alone if given."""
    collector = Collector(at.session, at.calendar)
    yield from packed(members_of_year(collector, cycle, county, lambda card: pdf_of(at, card)))


def pdf_of(at: Ledger, card: Card) -> bytes:
    """The card, tagged, in bokmål, with the same bytes for the same facts; NothingYetError for none."""
    newest = card.newest_fact
    if newest is None:
        raise NothingYetError(card.occurrence.key)
    local = newest.astimezone(OSLO).date()
    with speaking(SOURCE):
        sheet = sheet_of(at, card)
        said = {
            **asdict(sheet),
            "title": f"Leveringskort: {sheet.name}, {sheet.place}",
            "kicker": f"Leveringskort · skoleåret {sheet.cycle} · sist endret {long_date(local)}",
            "day": (local.year, local.month, local.day),
            "note": NOTE,
        }
    return _typeset(json.dumps(said, ensure_ascii=False, sort_keys=True), newest)


@lru_cache(maxsize=KEPT)
def _typeset(sheet: str, at: datetime) -> bytes:
    return typeset(TEMPLATE, sheet, "a-2a", "ua-1", at=at)


def _name(card: Card) -> str:
    o = card.occurrence
    return f"leveringskort-{o.deliverable}-{o.cycle}-{o.stage}-{o.scope}"


def _file(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
