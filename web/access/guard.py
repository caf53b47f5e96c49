"""Guard: the headers every answer carries, and the pages for what goes wrong."""

import logging
import traceback
from collections.abc import Mapping
from functools import partial

from flask import Flask, Response, render_template, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, NotFound

from web.access import asked
from web.api import problem
from web.site import NotPlannedYetError
from web.words.language import gettext as _

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
RETRY_AFTER_SECONDS = "30"
# Where the site is reached over HTTPS, a browser uses nothing else for a year.
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def install(app: Flask, *, https: bool) -> None:
    headers = HEADERS | (HTTPS_ONLY if https else {})
    app.after_request(partial(_add_headers, headers))
    app.register_error_handler(404, _not_found)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_down)
    app.register_error_handler(NotPlannedYetError, _not_planned)
    app.register_error_handler(Exception, _fault)


def _add_headers(headers: Mapping[str, str], response: Response) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def page(
    code: int,
    title: str,
    *sentences: str,
    headers: Mapping[str, str] | None = None,
    way_on: tuple[str, str] | None = None,
) -> Response:
    """What went wrong, as a page, or as the API's own kind of answer.

    `way_on` is an address and the words for it, beside the way to the front page.
    """
    if asked.by_program():
        return problem.problem(code, title, " ".join(sentences), headers)
    shown = render_template(
        "error.html", code=code, title=title, sentences=sentences, way_on=way_on
    )
    return Response(shown, code, dict(headers or {}))


def _not_found(error: HTTPException) -> Response:
    said = error.description if error.response is None else None
    own = said if said and said != NotFound.description else _("Adressen finnes ikke her.")
    return page(404, _("Fant ikke siden"), own, _("Kontroller adressen, eller gå til forsiden."))


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects are not errors
        return Response(error.get_body(), error.code or 500, error.get_headers())
    own = _("Forespørselen kunne ikke besvares slik den var.")
    headers = dict(error.get_headers()) if error.code == 405 else {}  # noqa: PLR2004 - keeps Allow
    headers.pop("Content-Type", None)
    return page(error.code, _("Det gikk ikke"), own, headers=headers)


def _database_down(error: DBAPIError) -> Response:
    log.error("database unreachable: %s", type(error.orig).__name__, extra={"action": "web"})
    return _unavailable(
        _("Databasen svarer ikke"),
        _("Årshjulet får ikke lest databasen akkurat nå. Ingenting er tapt."),
        _("Prøv igjen om litt. Varer det, må den som drifter tjenesten se på databasen."),
    )


def _not_planned(_error: NotPlannedYetError) -> Response:
    return _unavailable(
        _("Kalenderen er ikke tatt i bruk ennå"),
        _("Planleggeren har ikke skrevet skoleårets forekomster til databasen."),
        _("Dette skjer første gang den kjører. Prøv igjen om litt."),
    )


def _unavailable(title: str, *sentences: str) -> Response:
    return page(503, title, *sentences, headers={"Retry-After": RETRY_AFTER_SECONDS})


def _fault(error: Exception) -> Response:
    # Where it happened, without the exception's text, which may quote the data.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("page failed: %s at %s\n%s", type(error).__name__, request.path, where)
    return page(
        500,
        _("Noe gikk galt hos oss"),
        _("Feilen er logget."),
        _("Prøv igjen, eller gå til forsiden."),
    )
