"""Upload: the page where somebody signed in for a sender puts a file in the inbox from a browser.

What is posted lies in an unnamed file in the data folder until it is dropped, never in memory.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import IO, Any

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
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response as Redirection

from jobs.api import Refusal
from jobs.channels.files import CHUNK, room_on_disk
from jobs.imports.dropping import MEGABYTE, Dropped, drop, must_be_open
from scheduler.engine.snapshot import import_routes
from web.access import who
from web.access.capability import private
from web.access.gate import must_be_our_form
from web.access.rights import DELIVER
from web.site import Ledger, ledger, site
from web.words.language import gettext as _
from web.words.language import nb

blueprint = Blueprint("upload", __name__)

# What a form may hold beside the file.
FORM_BYTES = 100_000
FORM_PARTS = 10
# A form of up to so many times the limit is read to its end, to be answered.
HEARD_OUT = 4
TOO_LARGE, UNPROCESSABLE = 413, 422


@blueprint.get("/lever")
def page() -> Response | Redirection:
    """Whom one delivers for; who may for one alone is led straight to its form."""
    chosen = request.args.get("leveranse") or None
    with ledger() as at:
        senders = _senders(at)
        if len(senders) == 1:
            return redirect(url_for("upload.form", sender=senders[0], leveranse=chosen), 303)
        shown = render_template("senders.html", at=at, senders=senders, chosen=chosen)
    return private(make_response(shown))


@blueprint.get("/lever/<sender>")
def form(sender: str) -> Response:
    return _shown(sender, request.args.get("leveranse", ""))


@blueprint.post("/lever/<sender>")
def send(sender: str) -> Response:
    """Put the file in the inbox; what cannot be taken in is said on the page, and nothing is kept."""
    try:
        with posted() as (fields, file):
            must_be_our_form(fields.get("csrf_token", ""))
            return _delivered(sender, fields.get("leveranse", ""), file)
    except RequestEntityTooLarge:
        let_finish()
        most = site().settings.max_file_mb
        fault = _("Filen er større enn %(most)s MB, som er det meste som tas imot.", most=most)
        return _shown(sender, "", fault, TOO_LARGE)
    except Refusal as refusal:  # also when the disk is full
        return _shown(sender, "", nb(refusal), UNPROCESSABLE)


def _senders(at: Ledger) -> list[str]:
    """Whom the person may deliver for, of those that deliver anything: counties and "national"."""
    person = who.me() or abort(403)
    known = set(chain.from_iterable(import_routes(at.calendar).values()))
    return sorted(scope for scope in known if person.may(DELIVER, scope))


@contextmanager
def posted() -> Iterator[tuple[Any, FileStorage | None]]:
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


def let_finish() -> None:
    """Read and forget the form: a browser shows no answer that comes before it has sent it all."""
    most = site().settings.max_file_mb * MEGABYTE
    if most < (request.content_length or 0) <= most * HEARD_OUT:
        request.max_content_length = None
        while request.stream.read(CHUNK):
            pass


def _delivered(sender: str, deliverable: str, file: FileStorage | None) -> Response:
    try:
        with ledger() as at:
            _must_take(at, sender, deliverable)
        return _answered(sender, deliverable, _dropped(sender, deliverable, file))
    except Refusal as refusal:
        return _shown(sender, deliverable, nb(refusal), UNPROCESSABLE)


def _must_take(at: Ledger, sender: str, deliverable: str) -> None:
    routes = import_routes(at.calendar)
    if deliverable not in routes:
        raise Refusal("Velg hva filen er, fra listen.")
    must_be_open(routes, sender, deliverable)


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


def _shown(sender: str, chosen: str, fault: str = "", status: int = 200) -> Response:
    with ledger() as at:
        routes = import_routes(at.calendar)
        names = {key: at.calendar.deliverables[key].name for key in routes if sender in routes[key]}
        if not names:
            abort(404, _("Fant ingen avsender «%(sender)s» som leverer noe.", sender=sender))
        shown = render_template(
            "upload.html",
            at=at,
            sender=sender,
            deliverables=sorted(names.items(), key=lambda pair: pair[1]),
            chosen=chosen,
            fault=fault,
            max_mb=site().settings.max_file_mb,
        )
    return private(make_response(shown, status))
