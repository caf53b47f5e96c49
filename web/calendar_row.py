"""A row of the calendar, changed by an administrator into a proposal for another one to publish."""

from dataclasses import dataclass
from datetime import date, datetime

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
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, CalendarError, Deliverable, Fault
from scheduler.calendar.block import BlockError, Move, block_of, with_move
from scheduler.calendar.due_rule import RULE_KEYS
from scheduler.calendar.evidence import LABELS
from scheduler.calendar.schema import row_fields
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.runs import LedgerError
from scheduler.publishing import proposals
from scheduler.publishing.tables import ProposalRow
from web.capability import private
from web.language import gettext as _
from web.language import nb
from web.operator import LONGEST_REASON, UNPROCESSABLE, carry_out, said
from web.proposals import may_change, newest
from web.site import Ledger, ledger, site

blueprint = Blueprint("calendar_row", __name__, url_prefix="/drift/kalender/rad")


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as the form shows it: the lines, the version they are of, and what is wrong with them."""

    block: str
    over: int
    fault: str = ""
    faults: tuple[Fault, ...] = ()


@blueprint.get("/<deliverable>")
def page(deliverable: str) -> Response:
    """The row as it is in use, or as an earlier proposal had it (`forslag`)."""
    with ledger() as at:
        _row_of(at, deliverable)
        in_use = newest(at.session)
        made = at.session.get(ProposalRow, request.args.get("forslag", 0, int))
        text = made.text if made and made.deliverable == deliverable else in_use.text
        return _shown(at, deliverable, _draft_of(text, deliverable, in_use.number))


def _draft_of(text: str, deliverable: str, over: int, fault: str = "") -> Draft:
    """The row as it stands in a text of the file."""
    try:
        return Draft(block_of(text, deliverable).text, over, fault)
    except BlockError as error:
        return Draft("", over, fault or nb(error))


@blueprint.post("/<deliverable>")
def change(deliverable: str) -> Response:
    """Propose the row as the form has it."""
    return _proposed(deliverable, request.form.get("blokk", ""))


@blueprint.post("/<deliverable>/flytt")
def move(deliverable: str) -> Response:
    """Propose the row with one more decision that moves one year's date."""
    with ledger() as at:
        _row_of(at, deliverable)
        in_use = newest(at.session)
        try:
            block = with_move(in_use.text, deliverable, _move(at))
        except (BlockError, LedgerError) as error:
            return _shown(
                at, deliverable, _draft_of(in_use.text, deliverable, in_use.number, nb(error))
            )
    return _proposed(deliverable, block)


def _move(at: Ledger) -> Move:
    counties = request.form.getlist("fylke")
    if said("skolear") not in planned_cycles(at.now) or not at.counties.keys() >= set(counties):
        raise LedgerError("Velg skoleåret, og fylker som står i kalenderen.")
    try:
        day = date.fromisoformat(said("dato"))
    except ValueError as error:
        raise LedgerError("Velg den nye dagen.") from error
    if said("merke") not in LABELS:
        raise LedgerError("Velg hvordan vi vet det.")
    return Move(
        school_year=said("skolear"),
        stage=_line("trinn") if "trinn" in request.form else "",
        counties=tuple(counties),
        day=day,
        reason=_line("grunn"),
        decided_by=_line("besluttet"),
        label=said("merke"),
    )


def _line(name: str) -> str:
    """A field that is written into the file: one line that can be read."""
    text = said(name)
    if not text or len(text) > LONGEST_REASON or not text.isprintable():
        raise LedgerError(
            f"Fyll ut alle feltene, hvert på én linje med høyst {LONGEST_REASON} tegn."
        )
    return text


def _proposed(deliverable: str, block: str) -> Response:
    over = int(said("over")) if said("over").isdecimal() else 0
    made: list[int] = []

    def act(session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime) -> None:
        name = site().settings.calendar.name
        row = proposals.propose(session, deliverable, block, over, actor, reason, now, name=name)
        made.append(row.id)

    faults: tuple[Fault, ...] = ()
    try:
        fault = carry_out(act)
    except CalendarError as error:
        fault = _("Raden er ikke tatt imot. Rett det som står under, og prøv igjen.")
        faults = error.faults
    except BlockError as error:
        fault = nb(error)
    if not fault:
        return private(make_response(redirect(url_for("proposals.page", number=made[0]), 303)))
    with ledger() as at:
        _row_of(at, deliverable)
        return _shown(at, deliverable, Draft(block, newest(at.session).number, fault, faults))


def _row_of(at: Ledger, deliverable: str) -> Deliverable:
    return at.calendar.deliverables.get(deliverable) or abort(
        404, _("Fant ikke noen frist «%(row)s» i kalenderen.", row=deliverable)
    )


def _shown(at: Ledger, deliverable: str, draft: Draft) -> Response:
    first = _first_line(at, deliverable)
    shown = render_template(
        "proposal_row.html",
        at=at,
        row=at.calendar.deliverables[deliverable],
        draft=draft,
        faults=[(_place(fault, first, draft.block), fault.sentence) for fault in draft.faults],
        cycles=planned_cycles(at.now),
        form=request.form,
        chosen=request.form.getlist("fylke"),
        fields=row_fields(),
        rules=[rule.__doc__ for rule in RULE_KEYS.values()],
        may_change=may_change(),
        longest=LONGEST_REASON,
    )
    return private(make_response(shown, UNPROCESSABLE if draft.fault else 200))


def _first_line(at: Ledger, deliverable: str) -> int:
    try:
        return block_of(newest(at.session).text, deliverable).first
    except BlockError:
        return 1


def _place(fault: Fault, first: int, block: str) -> str:
    """Where a fault is, as whoever writes the row counts, and the line itself."""
    lines, inside = block.strip("\n").splitlines(), fault.line - first
    if 0 <= inside < len(lines):
        return _("Linje %(line)s her, «%(text)s»", line=inside + 1, text=lines[inside].strip())
    return _("Linje %(line)s i calendar.yaml", line=fault.line)
