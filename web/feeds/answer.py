"""Feed answer: a document as HTTP says it: whole, packed, unchanged, or in plain words."""

from collections.abc import Mapping
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from scheduler.feeds.library import MOST_KEPT, Document, Form, Wanted
from web.access.guard import HEADERS

Answer = tuple[str, list[tuple[str, str]], bytes]

MAX_AGE_SECONDS = 900
_TYPES = {
    Form.EVENTS: "text/calendar; charset=utf-8",
    Form.TASKS: "text/calendar; charset=utf-8",
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSON: "application/json; charset=utf-8",
    Form.CHANGES: "application/atom+xml; charset=utf-8",
}
_KINDS = {Form.TASKS: "oppgaver", Form.CHANGES: "endringer"}
_ALWAYS = list(HEADERS.items())


def answer_of(
    wanted: Wanted, document: Document, environ: Mapping[str, Any], *, own: bool = False
) -> Answer:
    """200 with the bytes, or 304 when the reader has them; `own` keeps them out of shared caches."""
    packed = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    whole, unchanged, body, tag = _prepared(wanted, document, packed, own)
    if _has_it(environ, tag, document):
        return "304 NOT MODIFIED", [*unchanged], b""
    return "200 OK", [*whole], body


@lru_cache(maxsize=MOST_KEPT)
def _prepared(
    wanted: Wanted, document: Document, packed: bool, own: bool
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], bytes, str]:
    body, tag = (
        (document.packed, document.packed_tag) if packed else (document.plain, document.plain_tag)
    )
    either = [
        ("ETag", tag),
        ("Last-Modified", format_datetime(document.changed_at, usegmt=True)),
        ("Cache-Control", f"{'private' if own else 'public'}, max-age={MAX_AGE_SECONDS}"),
        ("Vary", "Accept-Encoding"),
        *_ALWAYS,
    ]
    whole = [
        ("Content-Type", _TYPES[wanted.form]),
        ("Content-Length", str(len(body))),
        ("Content-Disposition", _disposition(wanted, document.title)),
        *([("Content-Encoding", "gzip")] if packed else []),
        *either,
    ]
    return whole, either, body, tag


def _disposition(wanted: Wanted, title: str) -> str:
    """The file name people see when they save it: what it shows, in words."""
    kind, ending = _KINDS.get(wanted.form, ""), "." + wanted.form.rpartition(".")[2]
    plain = "-".join(["arshjul", wanted.selection.view, *([kind] if kind else [])])
    readable = quote(" – ".join([title, *([kind] if kind else [])]) + ending)
    return f"inline; filename=\"{plain}{ending}\"; filename*=UTF-8''{readable}"


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted, Accept).quality("gzip") > 0


def _has_it(environ: Mapping[str, Any], tag: str, document: Document) -> bool:
    """Whether the reader's copy is this one: by tag if it sent any, or else by time."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        sent = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return tag in sent or "*" in sent
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and _is_since(since, document)


def _is_since(said: str, document: Document) -> bool:
    try:
        return document.changed_at <= parsedate_to_datetime(said)
    except (ValueError, TypeError):  # no date, or one without a time zone
        return False


def not_reading(method: str, allowed: tuple[str, ...]) -> Answer:
    """204 to OPTIONS and 405 to the rest; either way with what is allowed."""
    if method == "OPTIONS":
        return "204 NO CONTENT", [("Allow", ", ".join(allowed)), *_ALWAYS], b""
    status, headers, body = words(405, "Kalenderen kan bare leses.\n")
    return status, [("Allow", ", ".join(allowed)), *headers], body


def words(code: int, sentence: str) -> Answer:
    """A plain sentence, never a page: a calendar program must not take it for a calendar."""
    body = sentence.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return f"{code} {HTTPStatus(code).phrase.upper()}", [*headers, *_ALWAYS], body
