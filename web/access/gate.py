"""Gate: every request before its page: how often, who asks, whether they may, whether the form is ours."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect, ValidationError, validate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Redirection

from scheduler.access.roles import WORDS, Person
from web.access import guard, who
from web.access.capability import private
from web.access.rights import RIGHTS, By, Form, Right
from web.words.language import gettext as _

LARGEST_FORM = 10_000
OWN_SITE = ("", "same-origin", "none")
READING = ("GET", "HEAD", "OPTIONS")

_csrf = CSRFProtect()


def install(app: Flask) -> None:
    # The gate itself checks, after it has seen who asks; the site sends no referrer to check.
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None
    )
    _csrf.init_app(app)
    app.before_request(_gate)
    app.after_request(_kept_by_nobody)
    app.register_error_handler(CSRFError, _stale)


def _gate() -> Response | Redirection | None:
    if request.endpoint != "static":
        who.look()
    if request.endpoint is None or request.routing_exception is not None:
        return None  # no such address: said by the error pages
    right = RIGHTS.get(request.endpoint)
    if right is None:
        abort(403)
    refusal = _refusal(right)
    if refusal is None:
        _must_be_ours(right)
    return refusal


def _refusal(right: Right) -> Response | Redirection | None:
    """What is answered instead of the page, or None for those who may see it."""
    if right.by not in (By.SIGN_IN, By.ROLE):
        return None
    person = who.me()
    if person is None:
        return redirect(url_for("sign_in.page", neste=_wanted()), 303)
    scope = right.scope_of(request.view_args)
    if right.by is By.ROLE and not person.may(right.roles, scope):
        return _lacking(person, right, scope)
    return None


def _wanted() -> str:
    """The page to come back to after signing in: this one, if it can be asked for again."""
    return request.full_path.rstrip("?") if request.method in READING else ""


def _lacking(person: Person, right: Right, scope: str | None) -> Response:
    needed = ", ".join(_(words) for role, words in WORDS.items() if role in right.roles)
    return guard.page(
        403,
        _("Du har ikke rettigheten som trengs"),
        _("Siden er for den som har en av disse rollene: %(roles)s.", roles=needed),
        *([_("Den gjelder fylke %(county)s.", county=scope)] if (scope or "").isdigit() else []),
        _("Du er logget inn som %(name)s.", name=person.called),
        _("Be den som administrerer årshjulet om rollen, eller logg inn med en annen konto."),
        way_on=(url_for("sign_in.page", neste=_wanted()), _("Logg inn med en annen konto")),
    )


def _must_be_ours(right: Right) -> None:
    """403 for a form that another site posts, 413 for a large one, 400 for one without our token."""
    if request.method in READING or right.by is By.KEY:
        return
    if right.form is not Form.LARGE:
        request.max_content_length = LARGEST_FORM
    if right.form is not Form.LETTER and request.headers.get("Sec-Fetch-Site", "") not in OWN_SITE:
        abort(403)
    if right.form is Form.OURS:
        _csrf.protect()


def must_be_our_form(token: str) -> None:
    """For a view that reads its own form: 400 unless it carries the token of this session."""
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise CSRFError(str(error)) from error


def _stale(_error: HTTPException) -> Response:
    return guard.page(
        400,
        _("Det gikk ikke"),
        _("Skjemaet er for gammelt, eller det kom ikke fra denne siden."),
        _("Gå tilbake, last siden på nytt og prøv igjen."),
    )


def _kept_by_nobody(response: Response) -> Response:
    """What a person sees is kept by no cache."""
    return private(response) if who.me() is not None else response


def own_path(said: str) -> str:
    """A path of this site to go to; "" for anything that leads elsewhere, however it is spelled."""
    parts = urlsplit(said)
    ours = said.startswith("/") and not parts.scheme and not parts.netloc and said.isprintable()
    return said if ours and "\\" not in said and not said.startswith("//") else ""
