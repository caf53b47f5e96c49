"""Changes: what each published calendar changed, who decided it, and who has acknowledged."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import defer

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.calendar.diff import HEADINGS
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger import keys
from scheduler.ledger.tables import CalendarVersion, ChangeRow, OccurrenceRow
from web.calendar.seen import Entry, counted, entries_of
from web.calendar.told import Answers, answers, told_of
from web.site import Ledger, ledger
from web.wheel.choice import Choice, read_choice
from web.words.language import gettext

blueprint = Blueprint("changes", __name__)


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version, and what it changed for those the reader has chosen."""

    version: CalendarVersion
    summary: str
    planned: tuple[str, ...]


@blueprint.get("/endringer")
def index() -> str:
    with ledger() as at:
        choice = read_choice(at)
        return render_template(
            "changes.html",
            at=at,
            choice=choice,
            editions=_editions(at, choice),
            answers=answers(at.session),
        )


@blueprint.get("/endringer/<int(max=2147483647):number>")
def version(number: int) -> str:
    with ledger() as at:
        found = at.session.get(CalendarVersion, number)
        if found is None:
            abort(404, gettext("Fant ingen versjon %(number)s av kalenderen.", number=number))
        choice = read_choice(at)
        chosen = (ChangeRow.version == number, *_chosen(at, choice))
        entries = entries_of(_told(at, chosen))
        return render_template(
            "change.html",
            at=at,
            choice=choice,
            version=found,
            entries=entries,
            descriptions=_descriptions(at, found, entries),
            planned=tuple(sorted(_first_planned(at, chosen).get(number, ()))),
            notices=told_of(at.session, at.calendar, [number], choice.county)[number],
            answers=answers(at.session).get(number, Answers(0, 0)),
        )


def _chosen(at: Ledger, choice: Choice) -> list[ColumnElement[bool]]:
    """Conditions on the changed occurrence; national rows belong to every county."""
    conditions: list[ColumnElement[bool]] = []
    key = ChangeRow.occurrence_key.expression
    if choice.county:
        conditions.append(or_(keys.of_scope(key, choice.county), keys.of_scope(key, NATIONAL)))
    if choice.area:
        rows = at.calendar.deliverables.values()
        inside = [row.id for row in rows if choice.area in row.areas]
        conditions.append(keys.deliverable_of(key).in_(inside))
    return conditions


def _told(at: Ledger, chosen: Sequence[ColumnElement[bool]]) -> Iterable[ChangeRow]:
    """What everybody was told of; the dates of a school year planned for the first time are many."""
    query = (
        select(ChangeRow)
        .join(OccurrenceRow, OccurrenceRow.key == ChangeRow.occurrence_key)
        .where(ChangeRow.announced, *chosen)
        .order_by(OccurrenceRow.due, ChangeRow.occurrence_key)
    )
    return at.session.scalars(query)


def _descriptions(
    at: Ledger, version: CalendarVersion, entries: Iterable[Entry]
) -> dict[str, tuple[str, str]]:
    """Deliverable -> its description before and after, of those that got a new one."""
    described = {entry.deliverable for entry in entries if "description" in entry.words}
    former = select(CalendarVersion).where(CalendarVersion.number < version.number)
    before = at.session.scalar(former.order_by(CalendarVersion.number.desc()).limit(1))
    if not described or before is None:
        return {}
    old, new = _described(before), _described(version)
    return {name: (old[name], new[name]) for name in described & old.keys() & new.keys()}


def _described(version: CalendarVersion) -> dict[str, str]:
    """Deliverable -> description; nothing for a version that is no longer read as a calendar."""
    try:
        calendar = parse_calendar(version.text, f"versjon {version.number}")
    except CalendarError:
        return {}
    return {name: row.description for name, row in calendar.deliverables.items()}


def _editions(at: Ledger, choice: Choice) -> list[Edition]:
    """Newest first; with a choice, only those that changed something in it."""
    chosen = _chosen(at, choice)
    changed = _announced(at, chosen)
    planned = _first_planned(at, chosen)
    every = select(CalendarVersion).options(defer(CalendarVersion.text))
    versions = at.session.scalars(every.order_by(CalendarVersion.number.desc()))
    return [
        Edition(
            version,
            _summary(changed.get(version.number, set())),
            tuple(sorted(planned.get(version.number, set()))),
        )
        for version in versions
        if version.number in changed.keys() | planned.keys() or not chosen
    ]


def _announced(
    at: Ledger, chosen: Sequence[ColumnElement[bool]]
) -> dict[int, set[tuple[str, str]]]:
    """Version -> what it did to which deadlines, as all were told."""
    found: dict[int, set[tuple[str, str]]] = {}
    query = select(ChangeRow.version, ChangeRow.kind, ChangeRow.occurrence_key)
    for number, kind, key in at.session.execute(query.where(ChangeRow.announced, *chosen)):
        found.setdefault(number, set()).add((kind, key.rpartition("/")[0]))
    return found


def _first_planned(at: Ledger, chosen: Sequence[ColumnElement[bool]]) -> dict[int, set[str]]:
    """Version -> the school years that it set up; nobody was told other dates."""
    found: dict[int, set[str]] = {}
    query = select(ChangeRow.version, keys.cycle_of(ChangeRow.occurrence_key)).distinct()
    for number, cycle in at.session.execute(query.where(~ChangeRow.announced, *chosen)):
        found.setdefault(number, set()).add(cycle)
    return found


def _summary(deadlines: Iterable[tuple[str, str]]) -> str:
    found = Counter(kind for kind, _ in deadlines)
    return ", ".join(counted(kind, found[kind]) for kind in HEADINGS if found[kind])
