"""Health: is the scheduler ticking, which calendar holds, what stands in the run queue."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.ledger.findings import Sort
from scheduler.ledger.nodes import with_beat_ages
from scheduler.ledger.once import once
from scheduler.ledger.tables import CalendarVersion, NodeRow, OccurrenceRow, RunRow

TICKS_BEFORE_STALE = 3
# A round that sends hundreds of messages to slow receivers takes minutes.
NOTIFIES_WITHIN = timedelta(minutes=30)
# A node that has been away for longer, while others go, is a name that is used no more.
SHOWN_FOR = timedelta(days=7)
SILENT = "Påminnelser og varsler er ikke gått gjennom på over en halv time. Se loggen."


class NodeState(StrEnum):
    """How it stands with a node: it goes, it should and does not answer, or it has ended in order."""

    LIVING = "living"
    SILENT = "silent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Node:
    """A scheduler process as it last reported.

    `beat_age_seconds` is by the database's clock, and None where a node is alone and never beats.
    """

    name: str
    started_at: datetime
    ticked_at: datetime
    tick_seconds: float
    tick_age_seconds: float
    calendar_fault: str
    feed_fault: str
    calendar_waiting: str = ""
    cycle_waiting: str = ""
    notify_fault: str = ""
    proof_fault: str = ""
    proof_counts: dict[str, int] = field(default_factory=dict)
    stopped_at: datetime | None = None
    beat_age_seconds: float | None = None
    dead_after_seconds: float | None = None

    @property
    def alive(self) -> bool:
        """Whether it ticks: also not when it has said that its thread is gone (a tick of 0)."""
        ticks = self.tick_age_seconds <= TICKS_BEFORE_STALE * self.tick_seconds
        return self.tick_seconds > 0 and ticks and self.stopped_at is None and not self._dead

    @property
    def _dead(self) -> bool:
        """What its peers go by: it is noticed before the tick is stale."""
        age, limit = self.beat_age_seconds, self.dead_after_seconds
        return age is not None and limit is not None and age > limit

    @property
    def beats(self) -> bool:
        """Whether its peers take it for alive, so that what it has begun stays its own."""
        return self.beat_age_seconds is not None and not self._dead and self.stopped_at is None

    @property
    def state(self) -> NodeState:
        if self.stopped_at is not None:
            return NodeState.STOPPED
        return NodeState.LIVING if self.alive else NodeState.SILENT

    @property
    def seen_seconds_ago(self) -> float:
        """Since its last sign of life: a beat, or a tick where it never beats."""
        beat = self.beat_age_seconds
        return self.tick_age_seconds if beat is None else beat


@dataclass(frozen=True, slots=True)
class Nodes:
    """What the nodes say at one instant; `ok` when at least one scheduler ticks.

    A node that is away leaves it ok: what it had begun goes on at another. One that has been away
    for long is left out as long as another ticks.
    """

    nodes: tuple[Node, ...]

    @property
    def ok(self) -> bool:
        return any(node.alive for node in self.nodes)

    @property
    def calendar_faults(self) -> tuple[str, ...]:
        """What is wrong with calendar.yaml now, one fault a line; the last good one holds meanwhile."""
        return _distinct(node.calendar_fault for node in self.nodes if node.alive)

    @property
    def feed_faults(self) -> tuple[str, ...]:
        """Why the newest feeds could not be published; the last good ones hold meanwhile."""
        return _distinct(node.feed_fault for node in self.nodes if node.alive)

    @property
    def calendar_waiting(self) -> tuple[str, ...]:
        """The edits of calendar.yaml that nobody has published yet, summed up."""
        return _distinct(node.calendar_waiting for node in self.nodes if node.alive)

    @property
    def cycle_waiting(self) -> tuple[str, ...]:
        """Why nothing starts by itself, when the school year is not approved."""
        return _distinct(node.cycle_waiting for node in self.nodes if node.alive)

    @property
    def notify_faults(self) -> tuple[str, ...]:
        """Why reminders and notices do not go out as they should."""
        return _distinct(node.notify_fault for node in self.nodes if node.alive)

    @property
    def findings(self) -> dict[str, int]:
        """How many findings of each sort: the most that any node has, for they see the same ledger."""
        told = [node.proof_counts for node in self.nodes if node.alive]
        return {sort.value: max((each.get(sort, 0) for each in told), default=0) for sort in Sort}

    @property
    def proof_faults(self) -> tuple[str, ...]:
        """What did not match when the ledger was last held against the calendar."""
        return _distinct(node.proof_fault for node in self.nodes if node.alive)


@dataclass(frozen=True, slots=True)
class Health(Nodes):
    """The service's condition at one instant.

    `version` is the number of the calendar in use, 0 before the first.
    """

    version: int
    calendar_sha256: str | None
    calendar_since: datetime | None
    occurrences: int
    runs: dict[str, int]


def _distinct(faults: Iterable[str]) -> tuple[str, ...]:
    lines = (line for fault in faults for line in fault.splitlines())
    return tuple(dict.fromkeys(lines))


def health(session: Session, now: datetime) -> Health:
    newest = session.execute(
        select(CalendarVersion.number, CalendarVersion.sha256, CalendarVersion.in_use_since)
        .order_by(CalendarVersion.number.desc())
        .limit(1)
    ).one_or_none()
    runs = session.execute(select(RunRow.state, func.count()).group_by(RunRow.state))
    return Health(
        nodes=nodes(session, now).nodes,
        version=newest.number if newest else 0,
        calendar_sha256=newest.sha256 if newest else None,
        calendar_since=newest.in_use_since if newest else None,
        occurrences=session.scalar(select(func.count()).select_from(OccurrenceRow)) or 0,
        runs=dict(runs.all()),
    )


@once
def nodes(session: Session, now: datetime) -> Nodes:
    """What the nodes say; the rest of the service's condition takes more reading."""
    return Nodes(_shown(tuple(_node(row, now, age) for row, age in with_beat_ages(session))))


def _shown(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    if not any(node.alive for node in nodes):
        return nodes
    recent = SHOWN_FOR.total_seconds()
    return tuple(node for node in nodes if node.seen_seconds_ago <= recent)


def _node(row: NodeRow, now: datetime, beat_age: float | None) -> Node:
    return Node(
        row.name,
        row.started_at,
        row.ticked_at,
        row.tick_seconds,
        (now - row.ticked_at).total_seconds(),
        row.calendar_fault,
        row.feed_fault,
        row.calendar_waiting,
        row.cycle_waiting,
        row.notify_fault or _silence(row, now),
        row.proof_fault,
        row.proof_counts,
        row.stopped_at,
        beat_age,
        row.dead_after_seconds,
    )


def _silence(row: NodeRow, now: datetime) -> str:
    """A scheduler that ticks and no longer notifies would be seen by nobody else."""
    last = row.notified_at or row.started_at
    return SILENT if now - last > NOTIFIES_WITHIN else ""
