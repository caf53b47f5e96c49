"""Planner: writes what the calendar says into the ledger, without ever losing an occurrence.

An occurrence that is already there keeps its key, its runs and its outcome; only its dates and
words follow the calendar. What the calendar no longer holds is withdrawn, never deleted. What
readers see change is written down in the same transaction, for `scheduler.ledger.history`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.diff import DATES, Change, ChangeKind
from scheduler.calendar.occurrence import Occurrence
from scheduler.ledger.draft import Draft, draft, fingerprint, planned_cycles
from scheduler.ledger.history import WITHDRAWN, newest_version, snapshot
from scheduler.ledger.runs import reopen
from scheduler.ledger.tables import CalendarVersion, ChangeRow, OccurrenceRow

__all__ = ["PlanResult", "lock_planning", "plan", "planned_cycles"]

# Any number will do, as long as everyone who plans uses the same.
_LOCK = 20_262_027
_RELEASE = ("ny utgave av tjenesten", "Filen er den samme, men noen datoer regnes ut på nytt.")


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The version in use, whether this plan made it, and what was written, also in numbers."""

    version: CalendarVersion
    is_new: bool
    changes: tuple[ChangeRow, ...]
    added: int
    changed: int
    withdrawn: int

    @classmethod
    def of(cls, version: CalendarVersion, changes: tuple[ChangeRow, ...], *, is_new: bool) -> Self:
        kinds = [change.kind for change in changes]
        added, withdrawn = kinds.count(ChangeKind.ADDED), kinds.count(ChangeKind.WITHDRAWN)
        return cls(version, is_new, changes, added, len(kinds) - added - withdrawn, withdrawn)

    @property
    def announced(self) -> tuple[ChangeRow, ...]:
        """The changes that readers are told of."""
        return tuple(change for change in self.changes if change.announced)

    def __str__(self) -> str:
        return f"Nye: {self.added}, endret: {self.changed}, trukket: {self.withdrawn}"


def plan(
    session: Session, calendar: Calendar, text: str, now: datetime, by: str = "", why: str = ""
) -> PlanResult:
    """Bring the ledger's current and next cycle in line with `calendar` (whose source is `text`).

    `by` and `why` are who publishes the text and for which reason, if the text is a new version.
    """
    lock_planning(session)
    newest, sha256 = newest_version(session), hashlib.sha256(text.encode()).hexdigest()
    same_text = newest is not None and newest.sha256 == sha256
    drafted = draft(session, calendar, now)
    told = {change.key for change in drafted.told if _is_news(change, same_text=same_text)}
    version = newest
    if version is None or not same_text or told:
        by, why = _RELEASE if same_text else (by, why)
        version = CalendarVersion(
            sha256=sha256, text=text, in_use_since=now, published_by=by, why=why
        )
        session.add(version)
        session.flush()
    writer = _Writer.of(drafted, version.number, now)
    changes = tuple(writer.written(change, told=change.key in told) for change in drafted.changes)
    writer.follow_silently()
    session.flush()
    # Written past the session, which would look at each of a year's thousands of rows again and again; a
    # change refers to its occurrence, which must be there first.
    session.bulk_save_objects(writer.new)
    session.bulk_save_objects(changes)
    return PlanResult.of(version, changes, is_new=version is not newest)


def _is_news(change: Change, *, same_text: bool) -> bool:
    """A release that words the same dates otherwise is no reason to write to everybody."""
    return not same_text or change.kind is not ChangeKind.REWORDED


def lock_planning(session: Session) -> None:
    """Wait until nobody else plans, and hold the place to the end of the transaction.

    On SQLite the transaction itself does (BEGIN IMMEDIATE).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a draft at an instant; `numbers` is the SEQUENCE that each deadline's changes get.

    The scopes of a deadline count together: whichever changes goes one past the highest of them
    all, so that the highest is how often a reader of the shared event has met a change. `new` are
    the rows that the ledger lacked.
    """

    draft: Draft
    version: int
    now: datetime
    numbers: dict[tuple[str, str, str], int]
    new: list[OccurrenceRow] = field(default_factory=list)

    @classmethod
    def of(cls, drafted: Draft, version: int, now: datetime) -> Self:
        return cls(drafted, version, now, _next_numbers(drafted.rows.values()))

    def written(self, change: Change, *, told: bool) -> ChangeRow:
        """Bring the row in line, and return what changed of it."""
        row, before = self.draft.rows.get(change.key), None
        if row is None:
            row = _new_row(change)
            self.new.append(row)
        else:
            before = snapshot(row, self.draft.old.name(change.deliverable))
        self._bring_in_line(row, change)
        return ChangeRow(
            version=self.version,
            at=self.now,
            occurrence_key=change.key,
            kind=change.kind.value,
            announced=told,
            words=list(change.words),
            before=before,
            after=snapshot(row, change.name),
        )

    def _bring_in_line(self, row: OccurrenceRow, change: Change) -> None:
        row.sequence = self.numbers.get((row.deliverable, row.cycle, row.stage), 0)
        if change.key in self.draft.back:  # the readers of the shared event have met nothing new
            row.sequence = max(0, row.sequence - 1)
        row.changed_at = self.now
        if change.after is None:
            row.outcome, row.outcome_at = WITHDRAWN, self.now
            return
        if change.kind is ChangeKind.REINSTATED:
            reopen(row)
        _copy_dates(row, change.after)
        row.fingerprint = fingerprint(change.after, self.draft.new)

    def follow_silently(self) -> None:
        """Take over what no reader sees: the facts that machines read in a derivation."""
        changed = {change.key for change in self.draft.changes}
        for key in self.draft.rows.keys() & self.draft.wanted.keys() - changed:
            self.draft.rows[key].trace = _trace(self.draft.wanted[key])


def _next_numbers(rows: Iterable[OccurrenceRow]) -> dict[tuple[str, str, str], int]:
    numbers: dict[tuple[str, str, str], int] = {}
    for row in rows:
        deadline = (row.deliverable, row.cycle, row.stage)
        numbers[deadline] = max(numbers.get(deadline, 0), row.sequence + 1)
    return numbers


def _new_row(change: Change) -> OccurrenceRow:
    return OccurrenceRow(
        key=change.key,
        deliverable=change.deliverable,
        cycle=change.cycle,
        stage=change.stage,
        scope=change.scope,
    )


def _copy_dates(row: OccurrenceRow, occurrence: Occurrence) -> None:
    for name in DATES:
        setattr(row, name, getattr(occurrence, name))
    row.trace = _trace(occurrence)


def _trace(occurrence: Occurrence) -> list[dict[str, Any]]:
    return [step.as_json() for step in occurrence.trace]
