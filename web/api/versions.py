"""Versions: every calendar that was published, what each changed, and what was seen on a day."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import Response
from pydantic import Field
from sqlalchemy import select

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.calendar.diff import ChangeKind
from scheduler.calendar.occurrence import NATIONAL, DateStatus
from scheduler.ledger.history import (
    Published,
    as_of,
    changes_of,
    snapshot,
    version_at,
    versions,
)
from scheduler.ledger.tables import CalendarVersion, ChangeRow, OccurrenceRow
from web.access.actors import named
from web.api.blueprint import ACTOR, MAY_SHOW_KEY, Shown, answer, blueprint, said_no
from web.api.paging import MAX_LIMIT
from web.api.problem import NOT_FOUND, Refused
from web.api.selection import check_county
from web.api.words import (
    MAX_NUMBER,
    Instant,
    MaybeCounty,
    MaybeInstant,
    Nothing,
    Number,
    Whole,
    Words,
    optional,
)
from web.site import ledger


class VersionShown(Shown):
    """A published calendar.yaml."""

    number: int
    at: datetime = Field(description="Når den ble tatt i bruk.")
    by: str = Field(description=ACTOR)
    why: str
    sha256: str
    changes: int = Field(description="Antall endringer den meldte.")


class VersionList(Shown):
    items: tuple[VersionShown, ...] = Field(description="Den nyeste først.")


class VersionText(Shown):
    version: VersionShown
    text: str = Field(description="Hele calendar.yaml, slik den ble publisert.")


class SeenShown(Shown):
    """An occurrence as a reader saw it."""

    name: str
    due: date
    nominal: date
    reference_date: date | None
    opens: date | None
    time: str
    date_status: DateStatus
    withdrawn: bool
    explanation: tuple[str, ...] = Field(description="Setningene som forklarte datoen.")


class ChangeShown(Shown):
    """What a version changed of one occurrence."""

    id: int
    version: int
    at: datetime
    key: str
    kind: ChangeKind
    before: SeenShown | None
    after: SeenShown | None


class ChangeList(Shown):
    items: tuple[ChangeShown, ...]


class ChangePage(ChangeList):
    next: int | None = Field(description="Sendes som «after» for neste del; null når det er slutt.")


class SeenThen(Shown):
    key: str
    seen: SeenShown


class SeenList(Shown):
    at: datetime
    version: int | None = Field(description="Versjonen som gjaldt, null før den første.")
    items: tuple[SeenThen, ...]


class VersionPath(Words):
    number: Number


class Since(Words):
    """Changes from an instant on, or after one already read."""

    since: MaybeInstant = optional("Tidspunktet, for eksempel 2026-11-22T08:00:00+01:00.")
    after: Whole = Field(default=0, ge=0, le=MAX_NUMBER, description="«next» fra forrige svar.")
    limit: Whole = Field(default=100, ge=1, le=MAX_LIMIT, description="Høyst så mange i svaret.")
    fylke: MaybeCounty = optional("Fylkesnummer; nasjonale frister er alltid med.")


class AsOf(Words):
    """What was seen at an instant."""

    at: Instant = Field(description="Tidspunktet, for eksempel 2026-11-22T08:00:00+01:00.")
    fylke: MaybeCounty = optional("Fylkesnummer; nasjonale frister er alltid med.")


@blueprint.get("/versions", responses={200: VersionList}, security=MAY_SHOW_KEY)
def version_list(query: Nothing) -> Response:  # noqa: ARG001 - an address without a query
    """Versjonene av årshjulet"""
    with ledger() as found:
        return answer(VersionList(items=tuple(map(_version, versions(found.session)))))


@blueprint.get(
    "/versions/<number>", responses={200: VersionText, **said_no(NOT_FOUND)}, security=MAY_SHOW_KEY
)
def version(path: VersionPath, query: Nothing) -> Response:  # noqa: ARG001
    """Én versjon, med hele teksten"""
    with ledger() as found:
        row = found.session.get(CalendarVersion, path.number)
        published = next((v for v in versions(found.session) if v.number == path.number), None)
        if row is None or published is None:
            raise _no_version(path.number)
        return answer(VersionText(version=_version(published), text=row.text))


@blueprint.get("/versions/<number>/changes", responses={200: ChangeList, **said_no(NOT_FOUND)})
def version_changes(path: VersionPath, query: Nothing) -> Response:  # noqa: ARG001
    """Det en versjon endret, slik det ble meldt"""
    with ledger() as found:
        if found.session.get(CalendarVersion, path.number) is None:
            raise _no_version(path.number)
        rows = changes_of(found.session, path.number)
        return answer(ChangeList(items=tuple(map(_change, rows))))


@blueprint.get("/changes", responses={200: ChangePage})
def changes(query: Since) -> Response:
    """Meldte endringer, den eldste først"""
    with ledger() as found:
        if query.fylke:
            check_county(found.calendar, query.fylke)
        wanted = [ChangeRow.announced, ChangeRow.id > query.after]
        if query.since:
            wanted.append(ChangeRow.at >= query.since)
        if query.fylke:
            wanted.append(OccurrenceRow.scope.in_((query.fylke, NATIONAL)))
        rows = found.session.scalars(
            select(ChangeRow)
            .join(OccurrenceRow, OccurrenceRow.key == ChangeRow.occurrence_key)
            .where(*wanted)
            .order_by(ChangeRow.id)
            .limit(query.limit + 1)
        ).all()
        items = tuple(map(_change, rows[: query.limit]))
        return answer(
            ChangePage(items=items, next=items[-1].id if len(rows) > len(items) else None)
        )


@blueprint.get("/as-of", responses={200: SeenList})
def seen_then(query: AsOf) -> Response:
    """Det en leser så på et tidspunkt"""
    with ledger() as found:
        if query.fylke:
            check_county(found.calendar, query.fylke)
        at = query.at.astimezone(UTC)
        holding = version_at(found.session, at)
        names = _names(holding.text) if holding else {}
        rows = as_of(found.session, at, query.fylke)
        items = tuple(_seen_row(row, names.get(row.deliverable, row.deliverable)) for row in rows)
        return answer(SeenList(at=at, version=holding and holding.number, items=items))


@lru_cache(maxsize=8)
def _names(text: str) -> Mapping[str, str]:
    """The rows' names in a published text; none in one that this release cannot read."""
    try:
        rows = parse_calendar(text, "calendar.yaml").deliverables
    except CalendarError:
        return {}
    return {key: row.name for key, row in rows.items()}


def _no_version(number: int) -> Refused:
    return Refused(NOT_FOUND, f"Fant ingen versjon {number}. /api/v1/versions viser dem.")


def _version(found: Published) -> VersionShown:
    told = {**asdict(found), "by": named(found.by)}
    return VersionShown.model_validate(told)


def _change(row: ChangeRow) -> ChangeShown:
    return ChangeShown(
        id=row.id,
        version=row.version,
        at=row.at,
        key=row.occurrence_key,
        kind=ChangeKind(row.kind),
        before=row.before and _seen(row.before),
        after=row.after and _seen(row.after),
    )


def _seen_row(row: OccurrenceRow, name: str) -> SeenThen:
    return SeenThen(key=row.key, seen=_seen(snapshot(row, name)))


def _seen(seen: Mapping[str, Any]) -> SeenShown:
    """From what the ledger keeps of an occurrence (`scheduler.ledger.history.snapshot`)."""
    return SeenShown(
        name=seen["name"],
        due=seen["due"],
        nominal=seen["nominal"],
        reference_date=seen["reference_date"],
        opens=seen["opens"],
        time=seen["clock_time"],
        date_status=seen["date_status"],
        withdrawn=seen["withdrawn"],
        explanation=tuple(step["sentence"] for step in seen["trace"]),
    )
