"""Telling: who has been told what, who has acknowledged, and what became of every message.

No token is shown, and an address only to a key that covers it; anybody else sees it masked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from flask import Response
from pydantic import Field
from sqlalchemy import ColumnElement, and_, or_, select

from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.school_year import KNOWN_YEARS
from scheduler.notify.tables import MessageRow, NoticeRow
from web.access.actors import named, sees_names
from web.access.masking import masked
from web.api.blueprint import ACTOR, MAY_SHOW_KEY, Shown, answer, blueprint
from web.api.paging import Paged, cursor_at, no_cursor, page, place_of
from web.api.selection import check_county
from web.api.words import MaybeCounty, MaybeNumber, optional
from web.site import Ledger, ledger

MessageKind = Literal["notice", "reminder", "digest", "escalation", "receipt", "warning", "test"]
MessageState = Literal["planned", "sending", "sent", "unknown", "failed", "withheld"]


class NoticeShown(Shown):
    """What one version changed for one role in one place."""

    version: int
    scope: str
    role: str
    keys: tuple[str, ...] = Field(description="Fristene varselet gjelder.")
    created_at: datetime
    level: int = Field(description="1 ansvarlig, 2 stedfortreder, 3 leder, 4 nasjonal koordinator.")
    acknowledged_at: datetime | None
    acknowledged_by: str = Field(description=ACTOR)


class NoticeList(Shown):
    items: tuple[NoticeShown, ...]
    next: str | None = Field(
        description="Sendes som «cursor» for neste del; null når det er slutt."
    )


class MessageShown(Shown):
    """One message to one address, and what became of it."""

    id: str
    kind: MessageKind
    scope: str
    role: str
    channel: str
    address: str = Field(description="Skjult uten en nøkkel som dekker fylket.")
    subject: str
    steps: tuple[Any, ...] = Field(description="Det meldingen står for.")
    created_at: datetime
    state: MessageState
    attempts: int
    sent_at: datetime | None
    fault: str = Field(description="Hvorfor den ikke gikk; tomt uten en nøkkel som dekker fylket.")


class MessageList(Shown):
    items: tuple[MessageShown, ...] = Field(description="Den nyeste først.")
    next: str | None = Field(
        description="Sendes som «cursor» for neste del; null når det er slutt."
    )


class NoticeQuery(Paged):
    """Which notices."""

    fylke: MaybeCounty = optional("Fylkesnummer; nasjonale varsler er alltid med.")
    version: MaybeNumber = optional("Bare varslene om denne versjonen.")


class MessageQuery(Paged):
    """Which messages."""

    fylke: MaybeCounty = optional("Fylkesnummer; nasjonale meldinger er alltid med.")
    kind: tuple[MessageKind, ...] = Field(default=(), max_length=7, description="Meldingstyper.")
    state: tuple[MessageState, ...] = Field(default=(), max_length=6, description="Tilstander.")


@blueprint.get("/notices", responses={200: NoticeList}, security=MAY_SHOW_KEY)
def notices(query: NoticeQuery) -> Response:
    """Varslene om endringer, og hvem som har kvittert"""
    with ledger() as found:
        wanted = _of_county(found, query.fylke, NoticeRow.scope)
        if query.version:
            wanted.append(NoticeRow.version == query.version)
        order = NoticeRow.version, NoticeRow.id
        rows = found.session.scalars(select(NoticeRow).where(*wanted).order_by(*order)).all()
        part, following = page(sorted(rows, key=_notice_place), query, _notice_place)
        items = tuple(map(_notice, part))
        return answer(NoticeList(items=items, next=following))


def _notice(row: NoticeRow) -> NoticeShown:
    return NoticeShown(
        version=row.version,
        scope=row.scope,
        role=row.role,
        keys=tuple(row.keys),
        created_at=row.created_at,
        level=row.level,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by and named(row.acknowledged_by, row.scope),
    )


def _notice_place(row: NoticeRow) -> tuple[str, str]:
    return f"{row.version:010}", row.id


@blueprint.get("/messages", responses={200: MessageList}, security=MAY_SHOW_KEY)
def messages(query: MessageQuery) -> Response:
    """Hver melding og hva det ble av den"""
    with ledger() as found:
        rows = _messages(found, query)
        part = rows[: query.limit]
        more = len(rows) > len(part)
        following = cursor_at(_message_place(part[-1])) if more else None
        return answer(MessageList(items=tuple(map(_message, part)), next=following))


def _messages(found: Ledger, query: MessageQuery) -> Sequence[MessageRow]:
    """The newest after the cursor, and one more if there is one."""
    wanted = _of_county(found, query.fylke, MessageRow.scope)
    wanted += [MessageRow.kind.in_(query.kind)] if query.kind else []
    wanted += [MessageRow.state.in_(query.state)] if query.state else []
    wanted += _after(query.cursor)
    newest = MessageRow.created_at.desc(), MessageRow.id.desc()
    chosen = select(MessageRow).where(*wanted).order_by(*newest).limit(query.limit + 1)
    return found.session.scalars(chosen).all()


def _after(cursor: str) -> list[ColumnElement[bool]]:
    if not cursor:
        return []
    try:
        instant, name = place_of(cursor)
        at = datetime.fromisoformat(instant)
    except ValueError as error:
        raise no_cursor() from error
    if at.tzinfo is None or at.year not in KNOWN_YEARS:
        raise no_cursor()
    same = and_(MessageRow.created_at == at, MessageRow.id < name)
    return [or_(MessageRow.created_at < at, same)]


def _message_place(row: MessageRow) -> tuple[str, str]:
    return row.created_at.isoformat(), row.id


def _of_county(found: Ledger, county: str | None, scope: Any) -> list[ColumnElement[bool]]:
    if county is None:
        return []
    check_county(found.calendar, county)
    return [scope.in_((county, NATIONAL))]


def _message(row: MessageRow) -> MessageShown:
    covered = sees_names(row.scope)
    return MessageShown(
        id=row.id,
        kind=row.kind,
        scope=row.scope,
        role=row.role,
        channel=row.channel,
        address=row.address if covered else masked(row.address),
        subject=row.subject,
        steps=tuple(row.steps),
        created_at=row.created_at,
        state=row.state,
        attempts=row.attempts,
        sent_at=row.sent_at,
        fault=row.fault if covered else "",
    )
