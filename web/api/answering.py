"""Answering: a county's word back: the change is seen, there is nothing to report, we are on it."""

from datetime import date, datetime
from typing import Annotated

from flask import Response
from pydantic import Field
from sqlalchemy.orm import Session

from scheduler.ledger.runs import report_nothing
from scheduler.ledger.tables import OccurrenceRow
from scheduler.notify import silences
from scheduler.notify.notices import acknowledge
from scheduler.notify.tables import NoticeRow
from web.api.blueprint import (
    NEEDS_KEY,
    WITH_BODY,
    Shown,
    answer,
    blueprint,
    must_cover,
    said_no,
    writing,
)
from web.api.occurrences import AT_KEY, OccurrencePath, no_such
from web.api.problem import CONFLICT, FORBIDDEN, NOT_FOUND, Refused
from web.api.words import Day, Line, Name, Nothing, Number, ScopeWord, Words
from web.site import ledger, site


class Acknowledged(Shown):
    """Who has acknowledged a notice; the first one stands."""

    acknowledged_at: datetime
    acknowledged_by: str


class Outcome(Shown):
    """How an occurrence is settled."""

    key: str
    outcome: str
    at: datetime


class SilenceShown(Shown):
    """What a role has said: "acknowledge" (on the matter) or "snooze" until a day."""

    key: str
    role: str
    kind: str
    until: date | None
    actor: str
    at: datetime


class Silence(Words):
    """A role that is on the matter, or wants no reminders before a day."""

    role: Annotated[Name, Field(description="Målgruppen som svarer.")]
    until: Day | None = Field(
        default=None, description="Ingen påminnelser før denne dagen; uten den: «vi er i gang»."
    )


class NoticePath(Words):
    """One notice: a version, a place and a role."""

    version: Number
    scope: ScopeWord
    role: Name


class Reason(Words):
    """Why, in the county's own words."""

    reason: Annotated[Line, Field(description="Begrunnelse; lagres i beslutningsloggen.")]


@blueprint.post(
    "/notices/<version>/<scope>/<role>/acknowledgement",
    responses={200: Acknowledged, **said_no(FORBIDDEN, NOT_FOUND, CONFLICT)},
    security=NEEDS_KEY,
)
def acknowledge_notice(path: NoticePath, query: Nothing) -> Response:  # noqa: ARG001 - no query
    """Kvitter for at et varsel er sett"""
    asker = must_cover(path.scope, "kvittere for andre")
    with writing() as session:
        notice = session.get(NoticeRow, f"endring/{path.version}/{path.scope}/{path.role}")
        if notice is None:
            raise Refused(NOT_FOUND, "Fant ikke varselet. /api/v1/notices viser dem.")
        seen = acknowledge(session, notice.token, asker.name, site().clock())
        shown = Acknowledged.model_validate(seen, from_attributes=True)
    return answer(shown)


@blueprint.post(
    f"{AT_KEY}/nothing-to-report",
    responses={200: Outcome, **WITH_BODY, **said_no(NOT_FOUND, CONFLICT)},
    security=NEEDS_KEY,
)
def nothing_to_report(path: OccurrencePath, query: Nothing, body: Reason) -> Response:  # noqa: ARG001
    """Meld at det ikke er noe å rapportere i år; stopper påminnelsene"""
    asker = must_cover(path.scope, "svare for andre")
    now = site().clock()
    with writing() as session:
        _must_exist(session, path)
        report_nothing(session, path.key, asker.name, body.reason, now)
    return answer(Outcome(key=path.key, outcome="nothing", at=now))


@blueprint.post(
    f"{AT_KEY}/silence",
    responses={200: SilenceShown, **WITH_BODY, **said_no(NOT_FOUND, CONFLICT)},
    security=NEEDS_KEY,
)
def silence(path: OccurrencePath, query: Nothing, body: Silence) -> Response:  # noqa: ARG001
    """Si at dere er i gang, eller utsett påminnelsene til en dag før fristen"""
    asker = must_cover(path.scope, "svare for andre")
    now = site().clock()
    with ledger() as found:
        calendar = found.calendar
    with writing() as session:
        _must_exist(session, path)
        if body.until is None:
            row = silences.acknowledge(session, calendar, path.key, body.role, asker.name, now)
        else:
            until = body.until
            row = silences.snooze(session, calendar, path.key, body.role, until, asker.name, now)
        shown = SilenceShown(
            key=path.key, role=row.role, kind=row.kind, until=row.until, actor=row.actor, at=row.at
        )
    return answer(shown)


def _must_exist(session: Session, path: OccurrencePath) -> None:
    if session.get(OccurrenceRow, path.key) is None:
        raise no_such(path.key)
