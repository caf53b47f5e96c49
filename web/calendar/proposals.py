"""Proposals: where an administrator changes a part of the calendar, and another one publishes it."""

from contextlib import suppress
from datetime import datetime
from functools import partial

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
from scheduler.calendar.block import has, is_section, path_of
from scheduler.calendar.sections import SECTIONS, called
from scheduler.ledger.history import newest_version
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import CalendarVersion
from scheduler.publishing import proposals
from scheduler.publishing.on_disk import on_disk
from scheduler.publishing.tables import ProposalRow
from web.access import who
from web.access.capability import private
from web.access.operator import LONGEST_REASON, UNPROCESSABLE, carry_out, said
from web.access.rights import RIGHTS
from web.calendar.effect import Effect, effect_of, text_difference
from web.calendar.publishing import publish
from web.site import Ledger, ledger, site
from web.words.language import gettext as _
from web.words.language import nb

blueprint = Blueprint("proposals", __name__, url_prefix="/drift/kalender")


@blueprint.get("")
def index() -> Response:
    with ledger() as at:
        made = proposals.proposals(at.session)
        shown = render_template(
            "proposals.html",
            at=at,
            areas=_by_area(at.calendar),
            waiting=[row for row in made if row.outcome is None],
            settled=[row for row in made if row.outcome is not None],
            sections={name: _(SECTIONS[name]) for name in SECTIONS if _has(at.calendar, name)},
            said_of=partial(said_of, at.calendar),
            disk=on_disk(at.session, site().settings.calendar),
            may_change=may_change(),
        )
    return private(make_response(shown))


def _by_area(calendar: Calendar) -> dict[str, list[Deliverable]]:
    """Area -> the rows that have it first; also an area without rows, which may get one."""
    found: dict[str, list[Deliverable]] = {area: [] for area in calendar.areas}
    for row in calendar.deliverables.values():
        found[row.areas[0]].append(row)
    return found


def _has(calendar: Calendar, section: str) -> bool:
    return section in calendar.model_fields_set


def said_of(calendar: Calendar, part: str) -> str:
    """What a part of the file is called, in the language of the page."""
    name = called(calendar, part)
    return _(name) if is_section(part) else nb(name)


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
            name=_named(at, made),
            again=f"{_editor(at, made)}?forslag={made.id}",
            undo=_undo(at, made, base.text),
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


def _named(at: Ledger, made: ProposalRow) -> str:
    """What is changed is called; a row that is not in use, as the proposal has it."""
    if not _is_there(at, made.deliverable):
        with suppress(CalendarError):
            return said_of(parse_calendar(made.text, "calendar.yaml"), made.deliverable)
    return said_of(at.calendar, made.deliverable)


def _is_there(at: Ledger, part: str) -> bool:
    return is_section(part) or part in at.calendar.deliverables


def _editor(at: Ledger, made: ProposalRow) -> str:
    """Where what a proposal changes is written: a section, a row, or a row that is not there yet."""
    part = made.deliverable
    if is_section(part):
        return url_for("calendar_section.page", section=path_of(part)[0])
    if part in at.calendar.deliverables:
        return url_for("calendar_row.page", deliverable=part)
    return url_for("calendar_new.page")


def _undo(at: Ledger, made: ProposalRow, before: str) -> str:
    """Where a published change is proposed taken back; "" for a new row, which is ended instead."""
    part, published = made.deliverable, made.outcome == proposals.PUBLISHED
    if not (published and _is_there(at, part) and has(before, part)):
        return ""
    return f"{_editor(at, made)}?versjon={made.base}"
