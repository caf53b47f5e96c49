"""Blueprint: the root of every API address, what all answers share, and the gate before them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, current_app, g, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from scheduler.access import api_keys
from scheduler.access.api_keys import Key
from scheduler.access.feed_tokens import FeedTokenError
from scheduler.ledger.database import reading
from scheduler.ledger.runs import LedgerError
from web.api.problem import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    MEDIA_TYPE,
    NOT_JSON,
    TITLES,
    TOO_LARGE,
    TOO_OFTEN,
    UNAUTHORIZED,
    UNAVAILABLE,
    UNPROCESSABLE,
    Refused,
)
from web.site import site

MAX_BODY_BYTES = 1_000_000
READING = ("GET", "HEAD", "OPTIONS")
NEEDS_KEY: list[dict[str, list[object]]] = [{"key": []}]
# A key shows more of the same answer.
MAY_SHOW_KEY: list[dict[str, list[object]]] = [{}, {"key": []}]
ACTOR = "Navnet, med en nøkkel som dekker saken; uten den bare rollen."


class Shown(BaseModel):
    """A part of an answer: exactly the fields it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def said_no(*statuses: int) -> ResponseDict:
    """The description of the problems an address may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


ALWAYS = said_no(UNAUTHORIZED, UNPROCESSABLE, TOO_OFTEN, UNAVAILABLE)
WITH_BODY = said_no(BAD_REQUEST, FORBIDDEN, TOO_LARGE, NOT_JSON)
blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_responses=ALWAYS)


def answer(shown: Shown, status: int = 200) -> Response:
    return Response(shown.model_dump_json(by_alias=True), status, content_type="application/json")


def key() -> Key | None:
    """The key shown with this request, if any."""
    found: Key | None = g.get("api_key")
    return found


def writer() -> Key:
    """The key of a request that the gate has let through."""
    found = key()
    if found is None:
        raise Refused(UNAUTHORIZED, "Adressen krever en nøkkel i Authorization: Bearer aarshjul_….")
    return found


@contextmanager
def writing() -> Iterator[Session]:
    """A transaction on the ledger; what the ledger will not do is 409, in its own words."""
    try:
        with Session(site().engine) as session, session.begin():
            yield session
    except (LedgerError, FeedTokenError) as error:
        raise Refused(CONFLICT, str(error)) from error


def must_cover(scope: str, what: str) -> Key:
    """The key, when it may act for the county or the country; otherwise 403."""
    found = writer()
    if not found.covers(scope):
        raise Refused(FORBIDDEN, f"Nøkkelen gjelder fylke {found.scope} og kan ikke {what}.")
    return found


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return error.answer()


@blueprint.before_request
def _gate() -> None:
    """First who asks, then what they sent: nobody without a key has a body read."""
    g.api_key = _shown_key()
    if request.method not in READING:
        writer()
        _read_body()


def _shown_key() -> Key | None:
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    kind, _, word = header.partition(" ")
    with reading(site().engine) as session:
        found = api_keys.find(session, word.strip()) if kind.lower() == "bearer" else None
    if found is None:
        raise Refused(UNAUTHORIZED, "Nøkkelen finnes ikke, eller den er trukket tilbake.")
    return found


def _read_body() -> None:
    """A body is one JSON object of at most 1 MB; an address without a body reads none."""
    view = current_app.view_functions[request.endpoint or ""]
    request.max_content_length = MAX_BODY_BYTES
    if "body" not in view.__annotations__:
        return
    if not request.is_json:
        raise Refused(NOT_JSON, "Send kroppen som JSON, med Content-Type: application/json.")
    try:
        found = json.loads(request.get_data(cache=True))
    except RequestEntityTooLarge as error:
        raise Refused(TOO_LARGE, "Kroppen kan være høyst 1 MB.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(BAD_REQUEST, "Kroppen er ikke lesbar JSON i UTF-8.") from error
    if not isinstance(found, dict):
        raise Refused(UNPROCESSABLE, "Kroppen må være et JSON-objekt.")


@blueprint.after_request
def _fresh(response: Response) -> Response:
    """What the ledger says changes by the minute: it may be kept, but must be asked for again."""
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.vary.add("Authorization")
    if request.method in READING and response.status_code == 200:  # noqa: PLR2004 - OK
        response.add_etag()
        response.make_conditional(request)
    return response
