"""Operating: the page of those who run the service: what waits, what is on hold."""

from datetime import date, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.inbox import inbox
from scheduler.ledger import pausing
from scheduler.ledger.runs import LedgerError
from web.capability import private
from web.operator import LONGEST_REASON, carry_out, said
from web.site import ledger

blueprint = Blueprint("operating", __name__)

UNPROCESSABLE = 422


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
    """The page; a key is never written back into a form."""
    with ledger() as at:
        shown = render_template(
            "operating.html",
            at=at,
            waiting=inbox(at.session, at.calendar, at.now),
            pauses=pausing.not_ended(at.session),
            rows=sorted((row.name, row.id) for row in at.calendar.deliverables.values() if row.job),
            form=request.form,
            fault=fault,
            longest=LONGEST_REASON,
        )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))
