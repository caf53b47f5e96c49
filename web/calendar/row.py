"""A row of the calendar, changed by an administrator into a proposal for another one to publish."""

from collections.abc import Callable
from datetime import date
from functools import partial

from flask import Blueprint, Response, abort, request

from scheduler.calendar import Deliverable
from scheduler.calendar.block import BlockError, Move, replaced, with_end, with_move
from scheduler.calendar.due_rule import RULE_KEYS
from scheduler.calendar.evidence import LABELS
from scheduler.calendar.loading import ROWS
from scheduler.calendar.schema import entry_fields
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.runs import LedgerError
from web.access.operator import LONGEST_REASON, said
from web.calendar import editor
from web.calendar.editor import Draft, Edit, draft_asked, draft_of, first_line
from web.calendar.proposals import newest
from web.site import Ledger, ledger, site
from web.words.language import gettext as _
from web.words.language import nb

blueprint = Blueprint("calendar_row", __name__, url_prefix="/drift/kalender/rad")


@blueprint.get("/<deliverable>")
def page(deliverable: str) -> Response:
    """The row as it is in use, or as an earlier version or proposal had it."""
    with ledger() as at:
        _row_of(at, deliverable)
        return _shown(deliverable, at, draft_asked(at, deliverable))


@blueprint.post("/<deliverable>")
def change(deliverable: str) -> Response:
    """Propose the row as the form has it."""
    return _proposed(deliverable, request.form.get("blokk", ""))


@blueprint.post("/<deliverable>/flytt")
def move(deliverable: str) -> Response:
    """Propose the row with one more decision that moves one year's date."""
    return _rewritten(deliverable, lambda at, text: with_move(text, deliverable, _move(at)))


@blueprint.post("/<deliverable>/avslutt")
def end(deliverable: str) -> Response:
    """Propose the row as one that is kept and no longer in use."""
    return _rewritten(deliverable, lambda _at, text: with_end(text, deliverable))


def _rewritten(deliverable: str, block_in: Callable[[Ledger, str], str]) -> Response:
    """Propose the row with what a form of its own writes into it."""
    with ledger() as at:
        _row_of(at, deliverable)
        in_use = newest(at.session)
        try:
            block = block_in(at, in_use.text)
        except (BlockError, LedgerError) as error:
            draft = draft_of(in_use.text, deliverable, in_use.number, nb(error))
            return _shown(deliverable, at, draft)
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
    name = site().settings.calendar.name
    rewrite = partial(replaced, part=deliverable, block=block, name=name)
    edit = Edit(deliverable, block, rewrite, first_line(deliverable))
    return editor.proposed(edit, partial(_shown, deliverable))


def _row_of(at: Ledger, deliverable: str) -> Deliverable:
    return at.calendar.deliverables.get(deliverable) or abort(
        404, _("Fant ikke noen frist «%(row)s» i kalenderen.", row=deliverable)
    )


def _shown(deliverable: str, at: Ledger, draft: Draft) -> Response:
    return editor.page(
        "proposal_row.html",
        at,
        draft,
        deliverable,
        row=_row_of(at, deliverable),
        cycles=planned_cycles(at.now),
        chosen=request.form.getlist("fylke"),
        fields=entry_fields(ROWS),
        rules=[rule.__doc__ for rule in RULE_KEYS.values()],
    )
