"""Editor: a part of calendar.yaml as lines in a form, sent as a proposal for another person to publish."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from flask import Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from scheduler.calendar import Calendar, CalendarError
from scheduler.calendar.block import BlockError, block_of, has
from scheduler.ledger.history import versions_changing
from scheduler.ledger.tables import CalendarVersion
from scheduler.publishing import proposals
from scheduler.publishing.tables import ProposalRow
from web.access.capability import private
from web.access.operator import LONGEST_REASON, UNPROCESSABLE, carry_out, said
from web.calendar.effect import TextLine, text_difference
from web.calendar.proposals import may_change, newest
from web.site import Ledger, ledger
from web.words.language import gettext as _
from web.words.language import nb

LARGEST = 2**31 - 1  # what a number of the database can be


@dataclass(frozen=True, slots=True)
class Draft:
    """A part as the form shows it: the lines, the version they are of, and what is wrong with them.

    `earlier` is the version that they were fetched from; 0 for the one in use. `faults` are (place,
    sentence). `meanwhile` is what versions that were published while it was written changed in the
    same part; None when there were none.
    """

    block: str
    over: int
    fault: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    meanwhile: tuple[TextLine, ...] | None = None
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form sends: the part as it was written, how it comes into the file, and on which line."""

    part: str
    block: str
    rewrite: proposals.Rewrite
    first: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that changed a part, and the number of the one before it."""

    version: CalendarVersion
    before: int


def asked(name: str) -> int:
    """A number in the address; 0 when there is none."""
    number = request.args.get(name, 0, int)
    return number if 0 <= number <= LARGEST else 0


def draft_asked(at: Ledger, part: str) -> Draft:
    """The part as the version in use has it, or an earlier one (`versjon`), or a proposal (`forslag`)."""
    in_use = newest(at.session)
    version = at.session.get(CalendarVersion, asked("versjon"))
    made = at.session.get(ProposalRow, asked("forslag"))
    if made and made.deliverable == part:
        return draft_of(made.text, part, in_use.number)
    if version:
        return replace(draft_of(version.text, part, in_use.number), earlier=version.number)
    return draft_of(in_use.text, part, in_use.number)


def draft_of(text: str, part: str, over: int, fault: str = "") -> Draft:
    """The part as it stands in a text of the file."""
    try:
        return Draft(block_of(text, part).text, over, fault)
    except BlockError as error:
        return Draft("", over, fault or nb(error))


def first_line(part: str) -> Callable[[str], int]:
    """How to find the line that a part begins on in a text."""
    return lambda text: block_of(text, part).first


def proposed(edit: Edit, shown: Callable[[Ledger, Draft], Response]) -> Response:
    """Keep it as a proposal and go to that; else what `shown` makes of the draft with its faults."""
    over = int(said("over")) if said("over").isdecimal() else 0
    made: list[int] = []

    def act(session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime) -> None:
        row = proposals.propose(session, edit.part, edit.rewrite, over, actor, reason, now)
        made.append(row.id)

    broken = None
    try:
        fault = carry_out(act)
    except CalendarError as error:
        fault = _("Forslaget er ikke tatt imot. Rett det som står under, og prøv igjen.")
        broken = error
    except BlockError as error:
        fault = nb(error)
    if not fault:
        return private(make_response(redirect(url_for("proposals.page", number=made[0]), 303)))
    with ledger() as at:
        return shown(at, _refused(at, edit, over, fault, broken))


def _refused(at: Ledger, edit: Edit, over: int, fault: str, broken: CalendarError | None) -> Draft:
    in_use = newest(at.session)
    seen = at.session.get(CalendarVersion, over) if 0 < over < in_use.number else None
    return Draft(
        block=edit.block,
        over=in_use.number,
        fault=fault,
        faults=tuple(_placed(broken, edit, in_use.text)) if broken else (),
        meanwhile=_difference(seen.text, in_use.text, edit.part) if seen else None,
    )


def _placed(broken: CalendarError, edit: Edit, text: str) -> Iterator[tuple[str, str]]:
    """Where each fault is, as whoever writes the part counts, with the line itself; and what it is."""
    first, lines = edit.first(text), broken.text.split("\n")
    length = edit.block.strip().count("\n") + 1
    for fault in broken.faults:
        inside, words = fault.line - first, lines[fault.line - 1].strip()
        if 0 <= inside < length:
            place = _("Linje %(line)s her, «%(text)s»", line=inside + 1, text=words)
        else:
            place = _("Linje %(line)s i calendar.yaml, «%(text)s»", line=fault.line, text=words)
        yield place, fault.sentence


def _difference(old: str, new: str, part: str) -> tuple[TextLine, ...]:
    """What differs between two texts in a part that both have."""
    try:
        return tuple(text_difference(block_of(old, part).text, block_of(new, part).text))
    except BlockError:
        return ()


def page(template: str, at: Ledger, draft: Draft, part: str, **more: object) -> Response:
    """The page of an editor."""
    shown = render_template(
        template,
        at=at,
        draft=draft,
        made=proposals.proposals(at.session, part) if part else [],
        earlier=earlier_of(at, part) if part else [],
        form=request.form,
        may_change=may_change(),
        longest=LONGEST_REASON,
        **more,
    )
    return private(make_response(shown, UNPROCESSABLE if draft.fault else 200))


def earlier_of(at: Ledger, part: str) -> list[Earlier]:
    """The versions that changed a part which was there before, newest first."""
    published = {made.version for made in proposals.proposals(at.session, part)}
    changing = published | versions_changing(at.session, part)
    query = select(CalendarVersion).options(defer(CalendarVersion.text))
    every = list(at.session.scalars(query.order_by(CalendarVersion.number.desc())))
    return [
        Earlier(version, before.number)
        for version, before in pairwise(every)
        if version.number in changing and has(before.text, part)
    ]
