"""A section of calendar.yaml beside the rows, such as the areas, changed in the same way as a row."""

from functools import partial

from flask import Blueprint, Response, abort, request

from scheduler.calendar.block import replaced
from scheduler.calendar.schema import entry_fields
from scheduler.calendar.sections import SECTIONS, part_of
from web.calendar import editor
from web.calendar.editor import Draft, Edit, draft_asked, first_line
from web.site import Ledger, ledger, site
from web.words.language import gettext as _

blueprint = Blueprint("calendar_section", __name__, url_prefix="/drift/kalender/del")


@blueprint.get("/<section>")
def page(section: str) -> Response:
    """The section as it is in use, or as an earlier version or proposal had it."""
    with ledger() as at:
        return _shown(section, at, draft_asked(at, _part(section)))


@blueprint.post("/<section>")
def change(section: str) -> Response:
    """Propose the section as the form has it."""
    block, part = request.form.get("blokk", ""), _part(section)
    name = site().settings.calendar.name
    rewrite = partial(replaced, part=part, block=block, name=name)
    edit = Edit(part, block, rewrite, first_line(part))
    return editor.proposed(edit, partial(_shown, section))


def _part(section: str) -> str:
    if section not in SECTIONS:
        abort(404, _("Kalenderen har ingen del som heter «%(section)s».", section=section))
    return part_of(section)


def _shown(section: str, at: Ledger, draft: Draft) -> Response:
    return editor.page(
        "proposal_section.html",
        at,
        draft,
        part_of(section),
        section=section,
        name=_(SECTIONS[section]),
        fields=entry_fields(section),
    )
