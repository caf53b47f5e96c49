"""Proposals: where an administrator changes a row of the calendar, and another one publishes it."""

from datetime import datetime

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    url_for,
)
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, CalendarError, Deliverable, parse_calendar
from scheduler.ledger.history import newest_version
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import CalendarVersion
from scheduler.publishing import proposals
from scheduler.publishing.on_disk import on_disk
from scheduler.publishing.tables import ProposalRow
from web import who
from web.capability import private
from web.effect import Effect, effect_of, text_difference
from web.language import gettext as _
from web.language import nb
from web.operator import LONGEST_REASON, UNPROCESSABLE, carry_out, said
from web.publishing import publish
from web.rights import RIGHTS
from web.site import Ledger, ledger, site

blueprint = Blueprint("proposals", __name__, url_prefix="/drift/kalender")


@blueprint.get("")
def index() -> Response:
    with ledger() as at:
        made = proposals.proposals(at.session)
        shown = render_template(
            "proposals.html",
            at=at,
            rows=_by_area(at.calendar),
            waiting=[row for row in made if row.outcome is None],
            settled=[row for row in made if row.outcome is not None],
            disk=on_disk(at.session, site().settings.calendar),
            may_change=may_change(),
        )
    return private(make_response(shown))


def _by_area(calendar: Calendar) -> dict[str, list[Deliverable]]:
    """The rows by the first of their areas."""
    found: dict[str, list[Deliverable]] = {area.name: [] for area in calendar.areas.values()}
    for row in calendar.deliverables.values():
        found[calendar.areas[row.areas[0]].name].append(row)
    return {area: rows for area, rows in found.items() if rows}


def may_change() -> bool:
    """Whether who asks may propose and publish, and not only look."""
    person = who.me()
    return person is not None and person.may(RIGHTS["calendar_row.change"].roles)


def newest(session: Session) -> CalendarVersion:
    """The version in use."""
    found = newest_version(session)
    if found is None:  # a ledger without one is answered before this
        raise LedgerError("Ingen kalender er publisert ennå.")
    return found


@blueprint.get("/forslag/<int(max=2147483647):number>")
def page(number: int) -> Response:
    return _proposal(number)


@blueprint.post("/forslag/<int(max=2147483647):number>")
def settle(number: int) -> Response:
    """Publish the proposal as it was seen, or take it back."""

    def take_back(
        session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime
    ) -> object:
        return proposals.withdraw(session, number, actor, reason, now)

    if said("gjerning") == "publiser":
        fault = publish(number, said("sha256"))
    else:
        fault = carry_out(take_back)
    if fault:
        return _proposal(number, fault)
    return private(make_response(redirect(url_for("proposals.page", number=number), 303)))


def _proposal(number: int, fault: str = "") -> Response:
    with ledger() as at:
        made = at.session.get(ProposalRow, number)
        if made is None:
            abort(404, _("Fant ikke noe forslag %(number)s.", number=number))
        in_use, base = newest(at.session), at.session.get_one(CalendarVersion, made.base)
        is_open, stale = made.outcome is None, made.base != in_use.number
        effect, unread = _effect(at, made) if is_open and not stale else (None, "")
        fault = fault or unread
        person = who.me()
        shown = render_template(
            "proposal.html",
            at=at,
            made=made,
            name=_called(at, made),
            newest=in_use.number,
            stale=is_open and stale,
            effect=effect,
            difference=text_difference(base.text, made.text),
            disk=on_disk(at.session, site().settings.calendar),
            own=person is not None and person.name == made.made_by,
            may_change=may_change(),
            fault=fault,
            longest=LONGEST_REASON,
        )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))


def _effect(at: Ledger, made: ProposalRow) -> tuple[Effect | None, str]:
    """What it leads to, or why this release cannot say."""
    try:
        return effect_of(at, parse_calendar(made.text, "calendar.yaml")), ""
    except CalendarError as error:
        return None, nb(error)


def _called(at: Ledger, made: ProposalRow) -> str:
    found = at.calendar.deliverables.get(made.deliverable)
    return found.name if found else made.deliverable
