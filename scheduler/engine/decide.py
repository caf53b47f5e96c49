"""Decide what to start: a pure function of the instant and what the ledger holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from jobs.api import StartsOn
from scheduler.calendar.kinds import CatchUp
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.pause import Pause
from scheduler.ledger.runs import LIVE

# Deliveries leave in the morning of the day they are due; never between 00:00 and 04:00, where
# a day that changes to or from summer time lacks or repeats an hour.
START_OF_WORK = time(6, 0)


class Why(StrEnum):
    """What made the scheduler start a run; a run that a person started bears the person's name."""

    ARRIVED = "fil mottatt"
    DUE = "fristen er nådd"
    MENDED = "grunnlaget er rettet"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of an occurrence: its number, state, when it ended and what it took in."""

    number: int
    state: str
    finished_at: datetime | None
    inputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Predecessor:
    """What must be done or waived first; `met_at` is None while it is not."""

    key: str
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence with a job, and all that decides whether it starts now.

    `approved` is whether two persons have approved the school year's dates; `latest` the last day
    on which the job starts by itself, None when it always does; `pauses` are those within which it
    lies, held or run out. `told_missed` is whether it is written down that the deadline went by,
    `quiet_until` when the receiver's quiet hours end, None outside them.
    """

    key: str
    starts_on: StartsOn
    due: date
    outcome: str | None
    last_run: LastRun | None
    predecessors: tuple[Predecessor, ...] = ()
    waiting_delivery: int | None = None
    opens: date | None = None
    latest: date | None = None
    approved: bool = True
    pauses: tuple[Pause, ...] = ()
    catch_up: CatchUp = CatchUp.ALWAYS
    clock_time: str = ""
    told_missed: bool = False
    quiet_until: datetime | None = None

    @property
    def line(self) -> tuple[str, str]:
        """The deliverable and the scope: what a sender's files are addressed to."""
        deliverable, _cycle, _stage, scope = self.key.split("/")
        return deliverable, scope

    @property
    def cycle(self) -> str:
        return self.key.split("/")[1]


@dataclass(frozen=True, slots=True)
class Start:
    """Start run `number` of the occurrence `key`."""

    key: str
    number: int
    inputs: dict[str, Any]
    why: Why


def start_instant(due: date) -> datetime:
    """When a delivery due on `due` leaves, as an instant."""
    return datetime.combine(due, START_OF_WORK, OSLO)


def decide(now: datetime, candidates: Iterable[Candidate]) -> list[Start]:
    """The runs to start at `now`; never one for an occurrence that has a live run."""
    everyone = list(candidates)
    spoken_for = _spoken_for(now.astimezone(OSLO).date(), everyone)
    starts = (
        _start(now, candidate)
        for candidate in everyone
        if candidate.starts_on is StartsOn.DUE or candidate.key in spoken_for
    )
    return [start for start in starts if start is not None]


def _spoken_for(today: date, candidates: list[Candidate]) -> set[str]:
    """The one occurrence of each line that a file arriving today speaks for: the newest begun."""
    lines: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.due):
        if candidate.starts_on is StartsOn.ARRIVAL and candidate.outcome != "withdrawn":
            lines.setdefault(candidate.line, []).append(candidate)
    return {_newest_begun(today, line).key for line in lines.values()}


def _newest_begun(today: date, line: list[Candidate]) -> Candidate:
    newest = line[0]
    for before, candidate in pairwise(line):
        if _begins(before, candidate) <= today:
            newest = candidate
    return newest


def _begins(before: Candidate, candidate: Candidate) -> date:
    """When a period begins: as it opens, or else the day after the deadline before it.

    A new school year's first takes over half-way between the two deadlines, though it then waits
    to open: a file in July mends what was due in June, one in September comes early for October.
    """
    begins = candidate.opens or before.due + timedelta(days=1)
    if candidate.cycle == before.cycle:
        return begins
    return min(begins, before.due + (candidate.due - before.due) / 2)


def _start(now: datetime, candidate: Candidate) -> Start | None:
    if not candidate.approved:
        return None  # nobody has vouched for these dates; a person may still start it
    if any(pause.holds(now) for pause in candidate.pauses):
        return None
    if candidate.last_run is not None and candidate.last_run.state in LIVE:
        return None
    if candidate.starts_on is StartsOn.ARRIVAL:
        return _on_arrival(now, candidate)
    return _when_due(now, candidate)


def _on_arrival(now: datetime, candidate: Candidate) -> Start | None:
    """A delivered file starts an import, also a corrected one after the first is done.

    A file that comes before the period opens waits: it cannot speak for a later reference date.
    """
    delivery, last = candidate.waiting_delivery, candidate.last_run
    if candidate.opens is not None and now.astimezone(OSLO).date() < candidate.opens:
        return None
    if delivery is None or candidate.outcome in ("waived", "withdrawn"):
        return None
    if last is not None and _stopped_with(last, delivery):
        return None  # our own failure, or a person's word: a person looks before it is tried again
    return Start(candidate.key, _next_number(candidate), {"delivery_id": delivery}, Why.ARRIVED)


def _stopped_with(last: LastRun, delivery: int) -> bool:
    return last.state in ("failed", "cancelled") and last.inputs.get("delivery_id") == delivery


def _when_due(now: datetime, candidate: Candidate) -> Start | None:
    if candidate.outcome is not None or now < start_instant(candidate.due):
        return None
    quiet = candidate.quiet_until is not None and now < candidate.quiet_until
    if quiet or any(predecessor.met_at is None for predecessor in candidate.predecessors):
        return None
    if candidate.latest is not None and now.astimezone(OSLO).date() > candidate.latest:
        return None  # too late to be of use unasked; a person may still start it
    last = candidate.last_run
    if last is None:
        return Start(candidate.key, 1, {}, Why.DUE)
    if last.state == "refused" and _mended_since(last, candidate.predecessors):
        return Start(candidate.key, _next_number(candidate), {}, Why.MENDED)
    return None


def _mended_since(last: LastRun, predecessors: tuple[Predecessor, ...]) -> bool:
    """Something the refused run stood on has been delivered anew after it ended."""
    ended = last.finished_at
    return ended is not None and any(
        p.met_at is not None and p.met_at > ended for p in predecessors
    )


def _next_number(candidate: Candidate) -> int:
    return candidate.last_run.number + 1 if candidate.last_run else 1
