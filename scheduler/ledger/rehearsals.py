"""Rehearsals: what was tried ahead of a yearly delivery, and what came of it.

A rehearsal never is the delivery: it has a row of its own here, and touches no run, receipt or outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.ledger.once import once
from scheduler.ledger.run_ids import id_of_run
from scheduler.ledger.runs import order_of
from scheduler.ledger.tables import OccurrenceRow, RehearsalRow

LIVE = ("requested", "running")


class Found(StrEnum):
    """What one step of a rehearsal showed; `waits` is that what it needs has not come yet."""

    OK = "ok"
    WAITS = "waits"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tried:
    """One step as a rehearsal tried it; `reasons` are Norwegian sentences."""

    title: str
    found: Found
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One try, so many working days (`mark`) ahead; `state` requested, running, passed or failed."""

    id: str
    key: str
    mark: int
    attempt: int
    state: str
    requested_at: datetime
    finished_at: datetime | None
    tried: tuple[Tried, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it failed."""
        return tuple(
            reason
            for step in self.tried
            if step.found is Found.FAILED
            for reason in step.reasons or (step.title,)
        )

    @property
    def untried(self) -> tuple[Tried, ...]:
        """What could not be tried, since what it needs has not come yet."""
        return tuple(step for step in self.tried if step.found is Found.WAITS)


def broken_off(reason: str) -> Tried:
    """What is told of a rehearsal that never came to its end."""
    return Tried("Generalprøven", Found.FAILED, (reason,))


def id_of(key: str, mark: int, attempt: int) -> str:
    """The engine's workflow id: "stat-ssbelev-l1/2026-2027/first/46~rehearsal-30#1"."""
    return id_of_run(f"{key}~rehearsal-{mark}", attempt)


def request(
    session: Session,
    row: OccurrenceRow,
    mark: int,
    attempt: int,
    job: str,
    now: datetime,
    inputs: Mapping[str, Any] = MappingProxyType({}),
) -> RehearsalRow:
    """Write one try of a mark; the same a second time breaks a unique key.

    `job` is a name of the rehearsal's own, never that of the job which delivers.
    """
    run_id = id_of(row.key, mark, attempt)
    made = RehearsalRow(
        id=run_id,
        occurrence_key=row.key,
        mark=mark,
        attempt=attempt,
        state="requested",
        order=order_of(row, run_id, job, dict(inputs), now),
        requested_at=now,
        tried=[],
    )
    session.add(made)
    session.flush()
    return made


def requested_orders(session: Session) -> list[dict[str, Any]]:
    """Orders of rehearsals that the engine may not have heard of yet."""
    query = select(RehearsalRow.order).where(RehearsalRow.state == "requested")
    return list(session.scalars(query.order_by(RehearsalRow.requested_at, RehearsalRow.id)))


def mark_running(session: Session, rehearsal_id: str) -> None:
    """Note that the engine has it, unless it has finished it already."""
    session.execute(
        update(RehearsalRow)
        .where(RehearsalRow.id == rehearsal_id, RehearsalRow.state == "requested")
        .values(state="running")
    )


def live(session: Session) -> list[str]:
    """The rehearsals that the engine has, or should have."""
    query = select(RehearsalRow.id).where(RehearsalRow.state == "running")
    return list(session.scalars(query.order_by(RehearsalRow.id)))


def settle(session: Session, rehearsal_id: str, tried: Sequence[Tried], now: datetime) -> str:
    """Record what was found; returns the state: failed when any step did."""
    row = session.get_one(RehearsalRow, rehearsal_id)
    failed = any(step.found is Found.FAILED for step in tried)
    row.state, row.finished_at = ("failed" if failed else "passed"), now
    row.tried = [
        {"title": step.title, "found": step.found.value, "reasons": list(step.reasons)}
        for step in tried
    ]
    return row.state


def of_occurrence(session: Session, key: str) -> tuple[Rehearsal, ...]:
    """Every rehearsal of an occurrence, the newest first."""
    return tuple(of_occurrences(session, [key])[key])


def of_occurrences(session: Session, keys: Sequence[str]) -> dict[str, list[Rehearsal]]:
    """The same of several, in one look."""
    query = select(RehearsalRow).where(RehearsalRow.occurrence_key.in_(keys))
    newest = query.order_by(RehearsalRow.requested_at.desc(), RehearsalRow.id.desc())
    found: dict[str, list[Rehearsal]] = {key: [] for key in keys}
    for row in session.scalars(newest):
        found[row.occurrence_key].append(_read(row))
    return found


@once
def newest(session: Session, *, open_only: bool = True) -> list[Rehearsal]:
    """The newest rehearsal of each occurrence, by due date; of what is open, or of all."""
    query = select(RehearsalRow).join(
        OccurrenceRow, OccurrenceRow.key == RehearsalRow.occurrence_key
    )
    if open_only:
        query = query.where(OccurrenceRow.outcome.is_(None))
    ordered = query.order_by(
        OccurrenceRow.due, OccurrenceRow.key, RehearsalRow.requested_at, RehearsalRow.attempt
    )
    return list({row.occurrence_key: _read(row) for row in session.scalars(ordered)}.values())


def _read(row: RehearsalRow) -> Rehearsal:
    tried = tuple(
        Tried(step["title"], Found(step["found"]), tuple(step["reasons"])) for step in row.tried
    )
    return Rehearsal(
        row.id,
        row.occurrence_key,
        row.mark,
        row.attempt,
        row.state,
        row.requested_at,
        row.finished_at,
        tried,
    )
