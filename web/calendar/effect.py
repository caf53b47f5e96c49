"""Effect: what publishing a proposed calendar would do, gathered for the person who decides."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from scheduler.calendar import Calendar, explain
from scheduler.calendar.diff import ChangeKind
from scheduler.ledger.history import WITHDRAWN
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.runs import LIVE
from scheduler.ledger.tables import OccurrenceRow, RunRow
from scheduler.notify.directory import read_directory
from scheduler.notify.roles import Place
from scheduler.publishing.dates import dates_sha256
from scheduler.publishing.impact import Impact, blast_radius
from scheduler.publishing.rollover import is_approved
from web.calendar.seen import Entry, entries_ahead
from web.site import Ledger

CONTEXT = 2  # lines around what differs


@dataclass(frozen=True, slots=True)
class Effect:
    """Whom and what a proposal touches.

    `why` is how each entry's new date comes about, by its first key. `contacts` is how many addresses
    are told and `unreached` the roles with nobody to tell. `years` are the approved school years
    whose dates change, with whether they stay approved; `running` what runs now of what changes.
    `kept` is how many deadlines of the rows that lose some are settled, and stay as they are.
    """

    impact: Impact
    entries: tuple[Entry, ...]
    why: dict[str, str]
    contacts: int
    unreached: tuple[Place, ...]
    years: tuple[tuple[str, bool], ...]
    running: tuple[str, ...]
    kept: int

    @property
    def withdraws(self) -> bool:
        return any(entry.kind == ChangeKind.WITHDRAWN for entry in self.entries)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of what differs in the file: "+" is new, "-" goes out, " " stands around it, "@" a gap."""

    sign: str
    text: str


def effect_of(at: Ledger, calendar: Calendar) -> Effect:
    """What publishing `calendar` now would do; nothing is written."""
    impact = blast_radius(at.session, calendar, at.now)
    directory = read_directory(at.session)
    reached = {place: directory.reached(place) for place in sorted(impact.notices)}
    return Effect(
        impact=impact,
        entries=tuple(entries_ahead(impact.told, at.calendar)),
        why={change.key: explain(change.after) for change in impact.told if change.after},
        contacts=len({contact for found in reached.values() for contact in found}),
        unreached=tuple(place for place, found in reached.items() if not found),
        years=tuple(_years(at, calendar)),
        running=_running(at, impact),
        kept=_kept(at, impact),
    )


def _years(at: Ledger, calendar: Calendar) -> Iterator[tuple[str, bool]]:
    under_way, coming = planned_cycles(at.now)
    for cycle in (under_way, coming):
        before = dates_sha256(at.calendar, cycle)
        if before != dates_sha256(calendar, cycle) and is_approved(at.session, cycle, before):
            yield cycle, cycle == under_way


def _running(at: Ledger, impact: Impact) -> tuple[str, ...]:
    keys = [change.key for change in impact.changes]
    query = select(RunRow.occurrence_key).where(
        RunRow.occurrence_key.in_(keys), RunRow.state.in_(LIVE)
    )
    return tuple(at.session.scalars(query.order_by(RunRow.occurrence_key)))


def _kept(at: Ledger, impact: Impact) -> int:
    gone = {c.deliverable for c in impact.told if c.kind is ChangeKind.WITHDRAWN}
    settled = OccurrenceRow.outcome.is_not(None), OccurrenceRow.outcome != WITHDRAWN
    query = select(func.count()).where(OccurrenceRow.deliverable.in_(gone), *settled)
    return at.session.scalar(query) or 0


def text_difference(old: str, new: str) -> list[TextLine]:
    """What differs between two texts of the file, with the lines around it."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=CONTEXT, lineterm="")
    shown = [TextLine(line[0], line[1:]) for line in list(lines)[2:]]
    return shown[1:] if shown and shown[0].sign == "@" else shown
