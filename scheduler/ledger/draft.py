"""Draft: what a plan would change for readers, worked out before anything is written."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, CalendarError, SchoolYear, expand
from scheduler.calendar.diff import Change, ChangeKind, Reader, describe, moved_or_reworded
from scheduler.calendar.occurrence import OSLO, Occurrence
from scheduler.ledger.history import WITHDRAWN
from scheduler.ledger.placing import occurrence_of
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import OccurrenceRow


@dataclass(frozen=True, slots=True)
class Draft:
    """The ledger's rows by key, what `wanted` changes of them, and who read the words before and after.

    `known` is the school years that were planned before: nobody has been told of the others.
    `back` is the rows that the calendar in use has and the ledger has lost: readers know them.
    """

    rows: dict[str, OccurrenceRow]
    wanted: dict[str, Occurrence]
    changes: tuple[Change, ...]
    known: frozenset[str]
    back: frozenset[str]
    old: Reader
    new: Reader

    @property
    def told(self) -> tuple[Change, ...]:
        """The changes that readers of a new text are told of."""
        return tuple(
            change
            for change in self.changes
            if change.cycle in self.known and change.key not in self.back
        )


def planned_cycles(now: datetime) -> tuple[str, str]:
    """The cycle that holds `now` in Norway, and the next one."""
    current = SchoolYear.of(now.astimezone(OSLO).date())
    return str(current), str(current.next)


def draft(session: Session, calendar: Calendar, now: datetime) -> Draft:
    """Compare `calendar` with the ledger in the cycles that are planned at `now`."""
    cycles = planned_cycles(now)
    query = select(OccurrenceRow).where(OccurrenceRow.cycle.in_(cycles))
    rows = {row.key: row for row in session.scalars(query)}
    wanted = {found.key: found for cycle in cycles for found in expand(calendar, cycle)}
    in_use = calendar_in_use(session)
    old, new = Reader(in_use or calendar), Reader(calendar)
    compared = (
        _difference(rows.get(key), wanted.get(key), old, new)
        for key in sorted(wanted.keys() | rows.keys())
    )
    changes = tuple(change for change in compared if change)
    known = frozenset(row.cycle for row in rows.values())
    lacking = wanted.keys() - rows.keys() if in_use else ()
    missing = [wanted[key] for key in lacking if wanted[key].cycle in known]
    return Draft(rows, wanted, changes, known, _back(missing, old, new), old, new)


def _back(missing: list[Occurrence], old: Reader, new: Reader) -> frozenset[str]:
    """Those of the missing that a reader of the calendar in use sees just as they will be."""
    lost = {occurrence.cycle for occurrence in missing}
    seen = {o.key: old.sees(o) for cycle in lost for o in expand(old.calendar, cycle)}
    return frozenset(o.key for o in missing if seen.get(o.key) == new.sees(o))


def calendar_in_use(session: Session) -> Calendar | None:
    """The calendar in use; None before the first, and for one that this release cannot read."""
    try:
        return current_calendar(session)
    except CalendarError:
        return None


def _difference(
    row: OccurrenceRow | None, after: Occurrence | None, old: Reader, new: Reader
) -> Change | None:
    """What a reader will see change. What is settled stays, also when the calendar drops it."""
    before = occurrence_of(row, row.trace) if row else None
    if row is None or before is None:
        return describe(ChangeKind.ADDED, None, after, old, new)
    if after is None:
        gone = row.outcome is None
        return describe(ChangeKind.WITHDRAWN, before, None, old, new) if gone else None
    if row.outcome == WITHDRAWN:
        return describe(ChangeKind.REINSTATED, before, after, old, new)
    if fingerprint(after, new) == row.fingerprint:
        return None
    return describe(moved_or_reworded(before, after), before, after, old, new)


def fingerprint(occurrence: Occurrence, reader: Reader) -> str:
    """SHA-256 of everything a reader sees of an occurrence: its words, its names, its dates."""
    seen = reader.sees(occurrence)
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
