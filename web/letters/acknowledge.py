"""Acknowledge: the page a notice leads to, where a role says that it has seen the change.

The token in the address is the whole permission, one per notice.
"""

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

from scheduler.ledger.database import reading
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import CalendarVersion, ChangeRow
from scheduler.notify import notices
from scheduler.notify.tables import NoticeRow
from web.access.capability import must_look_right, private
from web.calendar.seen import Entry, entries_of
from web.site import ledger, site
from web.words.language import gettext as _
from web.words.language import message, nb

blueprint = Blueprint("acknowledge", __name__)

UNKNOWN = message("Fant ikke noe varsel på denne adressen. Kopier hele lenken fra meldingen.")


@blueprint.get("/kvitter/<token>")
def page(token: str) -> Response:
    _must_exist(token)
    return _shown(token)


@blueprint.post("/kvitter/<token>")
def answer(token: str) -> Response:
    """Acknowledge, once; a second time changes nothing and says who was first."""
    _must_exist(token)
    by = request.form.get("hvem", "")
    fault = _acknowledge(token, by)
    if fault:
        return _shown(token, by, fault)
    response = redirect(url_for("acknowledge.page", token=token), 303)
    return private(make_response(response))


def _must_exist(token: str) -> None:
    """404 in plain words for a wrong token, found out without reading the calendar."""
    must_look_right(token, _(UNKNOWN))
    with reading(site().engine) as session:
        if session.scalar(select(NoticeRow.id).where(NoticeRow.token == token)) is None:
            abort(404, _(UNKNOWN))


def _acknowledge(token: str, by: str) -> str:
    """What is wrong with the name, or nothing when it is done."""
    try:
        with Session(site().engine) as session, session.begin():
            notices.acknowledge(session, token, by, site().clock())
    except LedgerError as error:
        return nb(error)
    return ""


def _shown(token: str, by: str = "", fault: str = "") -> Response:
    with ledger() as at:
        notice = at.session.scalars(select(NoticeRow).where(NoticeRow.token == token)).one()
        shown = render_template(
            "acknowledge.html",
            at=at,
            notice=notice,
            version=at.session.get(CalendarVersion, notice.version),
            entries=_entries(at.session, notice),
            by=by,
            fault=fault,
            longest=notices.LONGEST_NAME,
        )
    return private(make_response(shown, 422 if fault else 200))


def _entries(session: Session, notice: NoticeRow) -> list[Entry]:
    query = select(ChangeRow).where(
        ChangeRow.version == notice.version, ChangeRow.occurrence_key.in_(notice.keys)
    )
    return entries_of(session.scalars(query.order_by(ChangeRow.id)))
