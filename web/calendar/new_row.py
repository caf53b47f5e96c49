"""A new row of the calendar: from an empty one with help, or from a copy of another."""

from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, abort, request

from scheduler.calendar import Calendar
from scheduler.calendar.due_rule import RULE_KEYS
from scheduler.calendar.loading import ROWS
from scheduler.calendar.new_row import above, as_new, inserted, line_for, row_in
from scheduler.calendar.schema import entry_fields
from scheduler.calendar.skeleton import skeleton
from scheduler.publishing.tables import ProposalRow
from web.access.operator import said
from web.calendar import editor
from web.calendar.editor import Draft, Edit, asked, draft_of
from web.calendar.proposals import newest
from web.site import Ledger, ledger, site
from web.words.language import gettext as _

blueprint = Blueprint("calendar_new", __name__, url_prefix="/drift/kalender/ny")


@blueprint.get("")
def page() -> Response:
    """A row to fill in: of an area (`omrade`), like a row (`kopi`), or as in a proposal (`forslag`)."""
    with ledger() as at:
        made = at.session.get(ProposalRow, asked("forslag"))
        if made:
            return _again(at, made)
        over, copied = newest(at.session), request.args.get("kopi", "")
        if not copied:
            return _shown("", at, Draft(skeleton(at.calendar, _area(at.calendar)), over.number))
        if copied not in at.calendar.deliverables:
            abort(404, _("Fant ikke noen frist «%(row)s» i kalenderen.", row=copied))
        draft = draft_of(over.text, copied, over.number)
        return _shown(copied, at, replace(draft, block=as_new(draft.block, copied)))


def _again(at: Ledger, made: ProposalRow) -> Response:
    """What a proposal put in, to be proposed anew where it stood then."""
    over = newest(at.session)
    after = above(made.text, made.deliverable, at.calendar.deliverables)
    return _shown(after, at, draft_of(made.text, made.deliverable, over.number))


def _area(calendar: Calendar) -> str:
    """The area asked for, or the first one."""
    wanted = request.args.get("omrade", "")
    return wanted if wanted in calendar.areas else next(iter(calendar.areas))


@blueprint.post("")
def propose() -> Response:
    """Propose the calendar with the row as the form has it."""
    block, after = request.form.get("blokk", ""), said("etter")
    name = site().settings.calendar.name
    edit = Edit(
        row_in(block),
        block,
        partial(inserted, block=block, after=after, name=name),
        partial(line_for, block=block, after=after),
    )
    return editor.proposed(edit, partial(_shown, after))


def _shown(after: str, at: Ledger, draft: Draft) -> Response:
    return editor.page(
        "proposal_new.html",
        at,
        draft,
        "",
        after=after,
        fields=entry_fields(ROWS),
        rules=[rule.__doc__ for rule in RULE_KEYS.values()],
    )
