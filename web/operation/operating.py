"""Operating: the page of those who run the service: what waits, what is on hold."""

from datetime import date, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.inbox import inbox, of_concern
from scheduler.ledger import pausing, rehearsals
from scheduler.ledger.health import nodes
from scheduler.ledger.rehearsals import Rehearsal
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.views import Item
from web.access.capability import private
from web.access.operator import LONGEST_REASON, UNPROCESSABLE, carry_out, said
from web.site import Ledger, ledger

blueprint = Blueprint("operating", __name__)


@blueprint.get("/drift")
def page() -> Response:
    return _shown()


@blueprint.post("/drift/pauser")
def begin() -> Response:
    """Set on hold what the form says."""
    return _after(carry_out(_begin))


@blueprint.post("/drift/pauser/<int:number>")
def end(number: int) -> Response:
    """End a pause."""

    def act(
        session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime
    ) -> object:
        return pausing.end(session, number, actor, reason, now)

    return _after(carry_out(act))


def _begin(session: Session, calendar: Calendar, actor: str, reason: str, now: datetime) -> object:
    row, county, day = said("rad") or None, said("fylke") or None, said("til")
    try:
        until = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise LedgerError("Velg en dag, eller la feltet stå tomt.") from error
    return pausing.begin(session, calendar, row, county, until, actor, reason, now)


def _after(fault: str) -> Response:
    if fault:
        return _shown(fault)
    return private(make_response(redirect(url_for("operating.page"), 303)))


def _shown(fault: str = "") -> Response:
    with ledger() as at:
        shown = render_template(
            "operating.html",
            at=at,
            waiting=inbox(at.session, at.calendar, at.now),
            rehearsed=_rehearsed(at),
            pauses=pausing.not_ended(at.session),
            nodes=nodes(at.session, at.now).nodes,
            rows=sorted((row.name, row.id) for row in at.calendar.deliverables.values() if row.job),
            form=request.form,
            fault=fault,
            longest=LONGEST_REASON,
        )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))


def _rehearsed(at: Ledger) -> list[tuple[Rehearsal, Item]]:
    """The newest rehearsal of each delivery that is still to come."""
    items = {item.key: item for item in of_concern(at.session, at.calendar, at.now)}
    newest = rehearsals.newest(at.session)
    return [(made, items[made.key]) for made in newest if made.key in items]
