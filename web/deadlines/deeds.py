"""Deeds: the page where those who run the service act on one deadline."""

from datetime import datetime

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from jobs import JOBS
from scheduler.calendar import Calendar
from scheduler.calendar.silence import quiet_until
from scheduler.engine.deeds import Deed, Wish, carry_out, possible
from scheduler.engine.fate import unknown_fate
from scheduler.engine.forwarding import instant_said
from scheduler.engine.operate import held
from scheduler.ledger.pausing import covering, holding
from scheduler.ledger.read import items_of
from scheduler.ledger.runs import LedgerError, latest_run, occurrence_row
from web.access.capability import private
from web.access.operator import LONGEST_REASON, UNPROCESSABLE, said
from web.access.operator import carry_out as as_operator
from web.deadlines.passing import WENT, turn_of
from web.site import ledger
from web.words.language import gettext as _

blueprint = Blueprint("deeds", __name__)


@blueprint.get("/drift/frist/<path:key>")
def page(key: str) -> Response:
    return _shown(key)


@blueprint.post("/drift/frist/<path:key>")
def act(key: str) -> Response:
    """Do what the form says; what cannot be done is said on the page, and nothing is changed."""

    def do(session: Session, calendar: Calendar, actor: str, reason: str, now: datetime) -> object:
        return carry_out(session, calendar, key, _wish(), actor, reason, now)

    fault = as_operator(do)
    if fault:
        return _shown(key, fault)
    return private(make_response(redirect(url_for("pages.occurrence", key=key), 303)))


def _wish() -> Wish:
    if said("gjerning") not in set(Deed):
        raise LedgerError("Velg hva som skal gjøres.")
    deed = Deed(said("gjerning"))
    return Wish(
        deed,
        said("sha256"),
        said("steg"),
        said("referanse"),
        instant_said(said("tidspunkt")),
        over_pause=said("over-pause") == "ja",
        over_quiet=said("over-quiet") == "ja",
    )


def _shown(key: str, fault: str = "") -> Response:
    with ledger() as at:
        item = next(iter(items_of(at.session, at.calendar, [key], at.now)), None)
        if item is None:
            abort(404, _("Fant ingen forekomst med denne nøkkelen."))
        row, last = occurrence_row(at.session, key), latest_run(at.session, key)
        shown = render_template(
            "deeds.html",
            at=at,
            item=item,
            last=last,
            deeds=possible(at.session, at.calendar, key),
            held=held(at.session, at.calendar, row),
            quiet=quiet_until(at.calendar, item.deliverable, at.now),
            uncertain=unknown_fate(at.session, key),
            turn=turn_of(at, item),
            went=WENT,
            steps=JOBS[last.job].steps if last and last.job in JOBS else (),
            pauses=covering(holding(at.session, at.now), row.deliverable, row.scope, at.calendar),
            fault=fault,
            longest=LONGEST_REASON,
        )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))
