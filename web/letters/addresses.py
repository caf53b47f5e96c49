"""Letters: the two addresses that a letter carries: fewer letters, and "the test arrived".

The token in the address is the whole permission. Reading changes nothing, because mail programs
fetch every address they see; a mail program's own unsubscribe button posts, without page or login.
"""

from flask import Blueprint, Response, abort, make_response, render_template, request
from sqlalchemy.orm import Session

from scheduler.ledger.database import reading
from scheduler.ledger.runs import LedgerError
from scheduler.notify import trial
from scheduler.notify.tables import ContactRow
from web.access.capability import must_look_right, private
from web.site import site
from web.words.language import gettext as _
from web.words.language import message, nb

blueprint = Blueprint("letters", __name__)

UNKNOWN = message("Fant ingen mottaker på denne adressen. Kopier hele lenken fra meldingen.")


@blueprint.get("/avmeld/<token>")
def fewer(token: str) -> Response:
    with reading(site().engine) as session:
        return _page("fewer.html", _contact(session, token))


@blueprint.post("/avmeld/<token>")
def choose(token: str) -> Response:
    """Only the Monday digest from now on; with `valg=alle`, single reminders again."""
    with Session(site().engine) as session, session.begin():
        contact = _contact(session, token)
        contact.singles = request.form.get("valg") == "alle"
        return _page("fewer.html", contact)


@blueprint.get("/bekreft/<token>")
def arrived(token: str) -> Response:
    with reading(site().engine) as session:
        return _page("arrived.html", _contact(session, token), kode=request.args.get("kode", ""))


@blueprint.post("/bekreft/<token>")
def confirm(token: str) -> Response:
    code, fault = request.form.get("kode", ""), ""
    with Session(site().engine) as session, session.begin():
        contact = _contact(session, token)
        try:
            if contact.confirmed_at is None:
                trial.confirm(session, contact.id, code, site().clock())
        except LedgerError as error:
            fault = nb(error)
        return _page("arrived.html", contact, 422 if fault else 200, kode=code, fault=fault)


def _contact(session: Session, token: str) -> ContactRow:
    """404 in plain words for a wrong token."""
    must_look_right(token, _(UNKNOWN))
    found = trial.contact_of_token(session, token)
    if found is None:
        abort(404, _(UNKNOWN))
    return found


def _page(template: str, contact: ContactRow, code: int = 200, **values: str) -> Response:
    return private(make_response(render_template(template, contact=contact, **values), code))
