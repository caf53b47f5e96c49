"""Upload: the page where a sender with a key puts a file in the inbox from a browser.

What is posted lies in an unnamed file in the data folder until it is dropped, never in memory.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from jobs.api import Refusal
from jobs.channels.files import CHUNK, room_on_disk
from jobs.imports.dropping import MEGABYTE, Dropped, drop, must_be_open
from scheduler.access import api_keys
from scheduler.engine.snapshot import import_routes
from web.capability import must_be_own_form, private
from web.site import Ledger, ledger, site

blueprint = Blueprint("upload", __name__)

# What a form may hold beside the file.
FORM_BYTES = 100_000
FORM_PARTS = 10
# A form of up to so many times the limit is read to its end, to be answered.
HEARD_OUT = 4
FORBIDDEN, TOO_LARGE, UNPROCESSABLE = 403, 413, 422


class _Denied(Refusal):
    """The key does not give leave to deliver this."""


@blueprint.get("/lever")
def page() -> Response:
    return _shown(request.args.get("leveranse", ""))


@blueprint.post("/lever")
def send() -> Response:
    """Put the file in the inbox; what cannot be taken in is said on the page, and nothing is kept."""
    must_be_own_form()
    try:
        with _posted() as (fields, file):
            return _delivered(fields.get("leveranse", ""), fields.get("nokkel", ""), file)
    except RequestEntityTooLarge:
        _let_finish()
        most = site().settings.max_file_mb
        return _shown(
            "", f"Filen er større enn {most} MB, som er det meste som tas imot.", TOO_LARGE
        )
    except Refusal as refusal:  # the disk is full
        return _shown("", str(refusal), UNPROCESSABLE)


@contextmanager
def _posted() -> Iterator[tuple[Any, FileStorage | None]]:
    """The form's fields and its file, read to disk; the file is gone afterwards."""
    work = site().settings.data_dir / "work"
    work.mkdir(parents=True, exist_ok=True)
    request.max_content_length = site().settings.max_file_mb * MEGABYTE + FORM_BYTES
    with ExitStack() as opened:

        def on_disk(*_told: object, **_more: object) -> IO[bytes]:
            return opened.enter_context(tempfile.TemporaryFile(dir=work))

        parser = FormDataParser(
            stream_factory=on_disk, max_form_memory_size=FORM_BYTES, max_form_parts=FORM_PARTS
        )
        with room_on_disk(work):
            _, fields, files = parser.parse(
                request.stream, request.mimetype, request.content_length, request.mimetype_params
            )
        yield fields, files.get("fil")


def _let_finish() -> None:
    """Read and forget the form: a browser shows no answer that comes before it has sent it all."""
    most = site().settings.max_file_mb * MEGABYTE
    if most < (request.content_length or 0) <= most * HEARD_OUT:
        request.max_content_length = None
        while request.stream.read(CHUNK):
            pass


def _delivered(deliverable: str, key: str, file: FileStorage | None) -> Response:
    try:
        with ledger() as at:
            sender = _sender(at, deliverable, key)
        return _answered(sender, deliverable, _dropped(sender, deliverable, file))
    except _Denied as denied:
        return _shown(deliverable, str(denied), FORBIDDEN)
    except Refusal as refusal:
        return _shown(deliverable, str(refusal), UNPROCESSABLE)


def _sender(at: Ledger, deliverable: str, key: str) -> str:
    """The key's scope; raises Refusal unless it may deliver this."""
    routes = import_routes(at.calendar)
    if deliverable not in routes:
        raise Refusal("Velg hva filen er, fra listen.")
    found = api_keys.find(at.session, key.strip())
    if found is None:
        raise _Denied("Nøkkelen finnes ikke, eller den er trukket tilbake. Lim inn hele nøkkelen.")
    try:
        must_be_open(routes, found.scope, deliverable)
    except Refusal as refusal:
        raise _Denied(*refusal.reasons) from refusal
    return found.scope


def _dropped(sender: str, deliverable: str, file: FileStorage | None) -> Dropped:
    if file is None or not file.filename:
        raise Refusal("Velg en fil.")
    folder = site().settings.data_dir / "inbox" / sender / deliverable
    chunks = iter(lambda: file.stream.read(CHUNK), b"")
    return drop(folder, file.filename, chunks, site().settings.max_file_mb)


def _answered(sender: str, deliverable: str, dropped: Dropped) -> Response:
    with ledger() as at:
        name = at.calendar.deliverables[deliverable].name
        shown = render_template(
            "uploaded.html", at=at, sender=sender, deliverable=name, dropped=dropped
        )
    return private(make_response(shown))


def _shown(chosen: str, fault: str = "", status: int = 200) -> Response:
    """The form; the key is never written back into it."""
    with ledger() as at:
        names = {key: at.calendar.deliverables[key].name for key in import_routes(at.calendar)}
        shown = render_template(
            "upload.html",
            at=at,
            deliverables=sorted(names.items(), key=lambda pair: pair[1]),
            chosen=chosen,
            fault=fault,
            max_mb=site().settings.max_file_mb,
        )
    return private(make_response(shown, status))
