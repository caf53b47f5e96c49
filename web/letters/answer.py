"""Answer: the page a reminder leads to: on it, not yet, or nothing to report.

The address holds the contact's token and the deadline; a contact may answer for its own role only.
"""

from collections.abc import Callable
from datetime import date, datetime

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.occurrence_view import occurrence_view
from scheduler.ledger.read import current_calendar
from scheduler.ledger.runs import LedgerError
from scheduler.notify import receipts, silences, trial
from scheduler.notify.matters import matters_of
from scheduler.notify.notices import LONGEST_NAME
from scheduler.notify.tables import ContactRow, SilenceRow
from web.access.capability import must_look_right, private
from web.site import NotPlannedYetError, ledger, site
from web.words.language import gettext as _
from web.words.language import message, nb

blueprint = Blueprint("answer", __name__)

UNKNOWN = message("Fant ingen påminnelse på denne adressen. Kopier hele lenken fra meldingen.")
Act = Callable[[Session, Calendar, str, ContactRow, str, datetime], object]


@blueprint.get("/svar/<token>/<path:key>")
def page(token: str, key: str) -> Response:
    return _shown(token, key)


@blueprint.post("/svar/<token>/<path:key>")
def act(token: str, key: str) -> Response:
    """Do what the form says; what cannot be done is said on the page, and nothing is changed."""
    must_look_right(token, _(UNKNOWN))
    said = request.form
    fault = _done(token, key, said.get("svar", ""), " ".join(said.get("hvem", "").split()))
    if fault:
        return _shown(token, key, fault)
    return private(make_response(redirect(url_for("answer.page", token=token, key=key), 303)))


def _done(token: str, key: str, answer: str, by: str) -> str:
    """What is wrong, or "" when it is done."""
    if not by or len(by) > LONGEST_NAME or not by.isprintable():
        return _("Skriv hvem som svarer, med høyst %(most)s vanlige tegn.", most=LONGEST_NAME)
    if answer not in ACTS:
        return _("Velg ett av svarene.")
    try:
        with Session(site().engine) as session, session.begin():
            calendar = current_calendar(session)
            if calendar is None:
                raise NotPlannedYetError
            contact = _contact(session, calendar, token, key)
            ACTS[answer](session, calendar, key, contact, by, site().clock())
    except LedgerError as error:
        return nb(error)
    return ""


def _on_it(
    session: Session, calendar: Calendar, key: str, contact: ContactRow, by: str, now: datetime
) -> None:
    silences.acknowledge(session, calendar, key, contact.role, by, now)


def _later(
    session: Session, calendar: Calendar, key: str, contact: ContactRow, by: str, now: datetime
) -> None:
    try:
        until = date.fromisoformat(request.form.get("dag", ""))
    except ValueError as error:
        raise LedgerError("Velg en dag å utsette påminnelsene til.") from error
    silences.snooze(session, calendar, key, contact.role, until, by, now)


def _nothing(
    session: Session, calendar: Calendar, key: str, _contact: ContactRow, by: str, now: datetime
) -> None:
    receipts.report_nothing(session, calendar, key, by, request.form.get("grunn", ""), now)


ACTS: dict[str, Act] = {"i-gang": _on_it, "utsett": _later, "ingenting": _nothing}


def _contact(session: Session, calendar: Calendar, token: str, key: str) -> ContactRow:
    """Whose token it is, if the deadline is one of theirs; else 404 in plain words."""
    found = trial.contact_of_token(session, token)
    places = {matter.place for matter in matters_of(session, calendar, key)}
    if found is None or not found.active or (found.scope, found.role) not in places:
        abort(404, _(UNKNOWN))
    return found


def _shown(token: str, key: str, fault: str = "") -> Response:
    must_look_right(token, _(UNKNOWN))
    with ledger() as at:
        contact = _contact(at.session, at.calendar, token, key)
        view = occurrence_view(at.session, at.calendar, key, at.now)
        said = select(SilenceRow).where(
            SilenceRow.occurrence_key == key, SilenceRow.role == contact.role
        )
        shown = render_template(
            "answer.html",
            at=at,
            contact=contact,
            item=view and view.item,
            last=at.session.scalar(said.order_by(SilenceRow.id.desc()).limit(1)),
            today=at.now.astimezone(OSLO).date(),
            form=request.form,
            fault=fault,
            longest=LONGEST_NAME,
        )
    return private(make_response(shown, 422 if fault else 200))
