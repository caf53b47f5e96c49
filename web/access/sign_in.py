"""Sign-in: here with a name and a password, or at a provider; one's own account, and out again."""

import logging
from collections.abc import Iterable

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirection

from scheduler.access import accounts, passwords
from scheduler.access.roles import WORDS
from scheduler.access.tables import AccountRow
from scheduler.demo.accounts import ACCOUNTS, PASSWORD
from scheduler.ledger.database import reading
from web.access import devices, oidc, who
from web.access.capability import private
from web.access.gate import own_path
from web.access.operator import UNPROCESSABLE, said
from web.access.providers import Provider
from web.site import ledger, site
from web.words.language import gettext as _
from web.words.language import message

blueprint = Blueprint("sign_in", __name__)
log = logging.getLogger(__name__)

PROVIDERS = "sign_in_providers"
NEXT = "next"
WRONG = message("Navnet eller passordet er feil, eller kontoen er sperret.")
FAILED = message(
    "Innloggingen ble ikke fullført hos %(provider)s. Prøv igjen, eller logg inn på en annen måte."
)


def install(app: Flask, providers: Iterable[Provider]) -> None:
    """Offer these providers beside the accounts here."""
    app.extensions[PROVIDERS] = {provider.id: provider for provider in providers}


@blueprint.get("/logg-inn")
def page() -> Response:
    return _shown(request.args.get("neste", ""))


@blueprint.post("/logg-inn")
def enter() -> Response | Redirection:
    """Sign in with a password; what is wrong is said alike for every reason."""
    name, password = accounts.as_read(said("navn")), request.form.get("passord", "")
    with reading(site().engine) as at:
        found = accounts.named(at, name)
        number, kept, shut = (
            (found.id, found.password, found.disabled_at) if found else (0, None, None)
        )
    if not passwords.matches(kept or None, password) or shut:
        log.warning("sign-in refused", extra={"action": "sign-in"})
        return _shown(said("neste"), _(WRONG))
    with Session(site().engine) as at, at.begin():
        who.sign_in(at, number)
    arrived = _arrived(said("neste"), number)
    devices.remember(arrived, name)
    return arrived


@blueprint.get("/logg-inn/<provider>")
def go(provider: str) -> Response | Redirection:
    """Off to a provider, with the page to come back to kept in the session."""
    chosen = _provider(provider)
    session[NEXT] = own_path(request.args.get("neste", ""))
    try:
        return oidc.go_to(chosen)
    except oidc.NotSignedInError as error:
        return _not_signed_in(chosen, error)


@blueprint.get("/logg-inn/<provider>/svar")
def answer(provider: str) -> Response | Redirection:
    """Back from a provider, with what it says of whom."""
    chosen, wanted = _provider(provider), session.get(NEXT, "")
    try:
        known = oidc.come_back(chosen)
    except oidc.NotSignedInError as error:
        return _not_signed_in(chosen, error)
    now = site().clock()
    with Session(site().engine) as at, at.begin():
        account = accounts.of_provider(at, chosen.id, known.subject, known.name, now)
        number, shut = account.id, account.disabled_at
        if not shut:
            accounts.align(at, account, known.grants, chosen.id, now)
            who.sign_in(at, number)
    return _shown(wanted, _(WRONG)) if shut else _arrived(wanted, number)


@blueprint.get("/konto")
def account() -> Response:
    """Who one is here, and what one may do."""
    person = who.me()
    with ledger() as at:
        shown = render_template(
            "account.html", at=at, grants=sorted(person.grants if person else ())
        )
    return private(make_response(shown))


@blueprint.post("/logg-ut")
def leave() -> Redirection:
    who.sign_out()
    return redirect(url_for("pages.front"), 303)


def _provider(id_: str) -> Provider:
    found: Provider | None = current_app.extensions[PROVIDERS].get(id_)
    return found or abort(404, _("Fant ingen slik måte å logge inn på."))


def _arrived(wanted: str, number: int) -> Redirection:
    log.info("signed in", extra={"action": "sign-in", "account": number})
    return redirect(own_path(wanted) or url_for("sign_in.account"), 303)


def _not_signed_in(provider: Provider, error: oidc.NotSignedInError) -> Response:
    log.warning("sign-in at %s failed: %s", provider.id, error, extra={"action": "sign-in"})
    return _shown("", _(FAILED, provider=provider.name))


def _shown(wanted: str, fault: str = "") -> Response:
    with reading(site().engine) as at:
        nobody = at.scalar(select(AccountRow.id).limit(1)) is None
    shown = render_template(
        "sign_in.html",
        wanted=own_path(wanted),
        fault=fault,
        name=said("navn"),
        providers=current_app.extensions[PROVIDERS].values(),
        nobody=nobody,
        tried=[(name, WORDS[grant.role], grant.county) for name, grant in ACCOUNTS],
        password=PASSWORD,
    )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))
