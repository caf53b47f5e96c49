"""Feed addresses: answered before the pages' own machinery, from what is on disk.

    /kalender/<county | alle>.ics            the deadlines as a calendar
    /kalender/<county | alle>/oppgaver.ics   the same as tasks
    /kalender/<county | alle>.csv, .json     the same as a table
    /endringer.atom                          what has been changed
    /feed/<token>/<name>.ics                 a selection under an address of one's own

All but the last take fylke, omrade, rolle, frist and skolear in the query; calendars also varsel.
"""

import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from flask import Flask

from scheduler.access.feed_tokens import fingerprint
from scheduler.feeds.library import Form, Library, UnknownChoiceError, Wanted
from scheduler.feeds.selection import SHARED, Selection
from web.feeds.answer import Answer, answer_of, not_reading, words

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

READING = ("GET", "HEAD")
NOT_FOUND = "Kalenderen finnes ikke. Adressene står på siden «Abonner».\n"
REVOKED = "Adressen er trukket tilbake. Be den som ga deg den, om en ny.\n"
MOST_WORDS = 100

_OPEN = re.compile(rf"/kalender/({SHARED}|[0-9]{{2}})(\.ics|/oppgaver\.ics|\.csv|\.json)")
_OWN = re.compile(r"/feed/([A-Za-z0-9_-]{20,100})/[^/]{1,120}?(\.ics|\.csv|\.json)")
_OWN_TASKS = "/oppgaver.ics"
_CHANGES = "/endringer.atom"
_ALARM = re.compile(r"([1-9]|[12][0-9]|30)d")


class _RefusedError(Exception):
    """What is asked for does not exist; the message says what is wrong with it."""


class FeedGate:
    """A WSGI application that answers the feeds' addresses and hands on all others.

    No answer is a 5xx, whatever is wrong: it would switch the calendar off for its reader.
    """

    def __init__(self, pages: "WSGIApplication", library: Library) -> None:
        self._pages = pages
        self._library = library

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not (path.startswith(("/kalender/", "/feed/")) or path == _CHANGES):
            return self._pages(environ, start_response)
        status, headers, body = self._answer(environ, path)
        start_response(status, headers)
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []

    def _answer(self, environ: "WSGIEnvironment", path: str) -> Answer:
        if environ["REQUEST_METHOD"] not in READING:
            return not_reading(environ["REQUEST_METHOD"], READING)
        read = self._own if path.startswith("/feed/") else self._open
        try:
            return read(environ, path)
        except (_RefusedError, UnknownChoiceError) as error:
            return words(404, f"Kalenderen finnes ikke: {error}\n")
        except Exception as error:  # noqa: BLE001 - see the class: never a 5xx here
            # Neither the path, which may hold a token, nor the text, which may quote it.
            log.error("feed failed: %s", type(error).__name__, extra={"action": "feed"})  # noqa: TRY400
            return words(404, NOT_FOUND)

    def _open(self, environ: "WSGIEnvironment", path: str) -> Answer:
        wanted = _wanted(path, environ.get("QUERY_STRING", ""))
        found = wanted and self._library.document(wanted)
        return answer_of(wanted, found, environ) if wanted and found else words(404, NOT_FOUND)

    def _own(self, environ: "WSGIEnvironment", path: str) -> Answer:
        """What a token stands for; nothing is remembered of a token that is not ours."""
        match = _OWN.fullmatch(path)
        known = self._library.token(fingerprint(match[1])) if match else None
        if match is None or known is None:
            return words(404, NOT_FOUND)
        if known["revoked"]:
            return words(410, REVOKED)
        form = Form.TASKS if path.endswith(_OWN_TASKS) else Form(match[2])
        wanted = Wanted(form, Selection.of(known["selection"]))
        found = self._library.document(wanted)
        return answer_of(wanted, found, environ, own=True) if found else words(404, NOT_FOUND)


@lru_cache(maxsize=256)
def _wanted(path: str, query: str) -> Wanted | None:
    """What an open address asks for; None when there is no such address."""
    said = _said(query)
    if path == _CHANGES:
        return Wanted(Form.CHANGES, Selection.of(said))
    match = _OPEN.fullmatch(path)
    if match is None:
        return None
    form = Form(match[2])
    counties = [*said.pop("fylke", []), *([match[1]] if match[1] != SHARED else [])]
    return Wanted(form, Selection.of({**said, "fylke": counties}), _alarm(said, form))


def _said(query: str) -> dict[str, list[str]]:
    try:
        return parse_qs(query, max_num_fields=MOST_WORDS)
    except ValueError as error:
        raise _RefusedError(f"adressen har flere enn {MOST_WORDS} valg.") from error


def _alarm(said: dict[str, list[str]], form: Form) -> int:
    """Days before each event at which the calendar program may alarm; 0 for never."""
    if form is not Form.EVENTS or "varsel" not in said:
        return 0
    match = _ALARM.fullmatch(said["varsel"][0])
    if match is None:
        raise _RefusedError("varsel skal være fra 1d til 30d, for eksempel varsel=3d.")
    return int(match[1])


def install(app: Flask, feed_dir: Path) -> None:
    """Put the feeds in front of the pages."""
    app.wsgi_app = FeedGate(app.wsgi_app, Library(feed_dir))  # type: ignore[method-assign]
