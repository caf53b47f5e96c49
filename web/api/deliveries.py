"""Deliveries: a sender puts a file in the inbox, and sees what became of its files."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, request
from flask_openapi3.models import RawModel
from pydantic import Field

from jobs.api import Refusal
from jobs.channels.files import CHUNK
from jobs.imports.dropping import MEGABYTE, Dropped, drop, must_be_open
from jobs.register.deliveries import DeliverySummary, deliveries_of
from scheduler.engine.snapshot import import_routes
from web.api.blueprint import NEEDS_KEY, Shown, answer, blueprint, said_no, writer
from web.api.catalogue import DeliverablePath
from web.api.paging import Paged, page
from web.api.problem import BAD_REQUEST, NO_LENGTH, TOO_LARGE, UNPROCESSABLE, Refused
from web.api.words import Line, Words
from web.site import ledger, site


class FileName(Words):
    """What the file is called."""

    name: Line = Field(description="Filens navn, uten sti.")


class FileBody(RawModel):
    """The file itself, byte for byte."""

    mimetypes: list[str] = ["application/octet-stream"]  # noqa: RUF012 - as the base class has it


class Received(Shown):
    """A file that lies in the inbox and waits for the scheduler."""

    name: str = Field(description="Navnet i innboksen; et navn som er opptatt, får et tall bak.")
    sha256: str
    bytes: int
    look_at: str = Field(description="Adressen som viser hva det blir av filen.")


class DeliveryShown(Shown):
    """One received file; `counts` says what became of its lines."""

    id: int
    deliverable: str
    file_name: str
    received_at: datetime
    state: str
    rows: int | None
    counts: dict[str, Any]
    errors: int = Field(description="Brudd på regler som stopper linjer eller filen.")
    warnings: int


class DeliveryList(Shown):
    items: tuple[DeliveryShown, ...]
    next: str | None


@blueprint.post(
    "/deliveries/<deliverable>",
    responses={202: Received, **said_no(BAD_REQUEST, NO_LENGTH, TOO_LARGE)},
    security=NEEDS_KEY,
)
def deliver(path: DeliverablePath, query: FileName, raw: FileBody) -> Response:  # noqa: ARG001
    """Lever en fil: kroppen er filen selv, avsenderen er nøkkelens"""
    sender = writer().scope
    _must_be_sendable()
    with ledger() as found:
        routes = import_routes(found.calendar)
    folder = site().settings.data_dir / "inbox" / sender / path.deliverable
    try:
        must_be_open(routes, sender, path.deliverable)
        dropped = drop(folder, query.name, _chunks(), site().settings.max_file_mb)
    except Refusal as refusal:
        raise Refused(UNPROCESSABLE, str(refusal)) from refusal
    return answer(_received(dropped), 202)


@blueprint.get("/deliveries", responses={200: DeliveryList}, security=NEEDS_KEY)
def deliveries(query: Paged) -> Response:
    """Avsenderens egne filer, og hva det ble av dem"""
    sender = writer().scope
    with ledger() as found:
        mine = deliveries_of(found.session, sender)
    part, after = page(mine, query, lambda row: (f"{row.id:012}",))
    return answer(DeliveryList(items=tuple(map(_shown, part)), next=after))


def _must_be_sendable() -> None:
    """Say no by the announced length before a byte is read."""
    limit = site().settings.max_file_mb
    if request.content_length is None:
        raise Refused(NO_LENGTH, "Send filen med Content-Length.")
    if request.content_length > limit * MEGABYTE:
        raise Refused(TOO_LARGE, f"Filen er større enn {limit} MB, som er det meste som tas imot.")
    request.max_content_length = limit * MEGABYTE


def _chunks() -> Iterator[bytes]:
    """The body in parts; one that breaks off raises ClientDisconnected (400)."""
    return iter(lambda: request.stream.read(CHUNK), b"")


def _received(dropped: Dropped) -> Received:
    look_at = f"{site().settings.public_url}/api/v1/deliveries"
    return Received(name=dropped.name, sha256=dropped.sha256, bytes=dropped.bytes, look_at=look_at)


def _shown(row: DeliverySummary) -> DeliveryShown:
    fields = {name: getattr(row, name) for name in DeliveryShown.model_fields}
    return DeliveryShown(**fields)
