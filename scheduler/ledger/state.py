"""State: where an occurrence stands, in one word, from what the ledger holds about it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Self

from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.pause import Pause

NEAR_WORKING_DAYS = 5


class Tone(StrEnum):
    """How a state is coloured; the shape and the word always say the same."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class State(StrEnum):
    """Where an occurrence stands: the code name, the Norwegian word, the tone and the urgency.

    Urgency orders states when one marker stands for several counties: the highest is shown.
    """

    label: str
    tone: Tone
    urgency: int

    def __new__(cls, value: str, label: str, tone: Tone, urgency: int) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.tone, member.urgency = label, tone, urgency
        return member

    FAILED = "failed", "Feilet", Tone.DANGER, 12
    REFUSED = "refused", "Stoppet", Tone.DANGER, 11
    CANCELLED = "cancelled", "Avbrutt", Tone.WARNING, 10
    LATE = "late", "Forsinket", Tone.DANGER, 10
    DUE_TODAY = "due-today", "Frist i dag", Tone.WARNING, 9
    WAITING = "waiting", "Venter", Tone.WARNING, 8
    NEAR = "near", "Nærmer seg", Tone.WARNING, 7
    RUNNING = "running", "Pågår", Tone.INFO, 6
    PLANNED = "planned", "Planlagt", Tone.NEUTRAL, 5
    DONE_LATE = "done-late", "Levert etter fristen", Tone.SUCCESS, 4
    DONE = "done", "Levert", Tone.SUCCESS, 3
    NOTHING = "nothing", "Ingenting å rapportere", Tone.SUCCESS, 2
    WAIVED = "waived", "Fritatt", Tone.NEUTRAL, 2
    WITHDRAWN = "withdrawn", "Trukket tilbake", Tone.NEUTRAL, 1
    UNTRACKED = "untracked", "Følges ikke opp her ennå", Tone.NEUTRAL, 0
    INFORMATION = "information", "Til orientering", Tone.NEUTRAL, 0


CLOSED = frozenset({State.DONE, State.DONE_LATE, State.NOTHING, State.WAIVED, State.WITHDRAWN})
_OF_OUTCOME = {"nothing": State.NOTHING, "waived": State.WAIVED, "withdrawn": State.WITHDRAWN}
_OF_RUN = {
    "requested": State.RUNNING,
    "retrying": State.RUNNING,
    "running": State.RUNNING,
    "cancelling": State.RUNNING,
    "cancelled": State.CANCELLED,
    "refused": State.REFUSED,
    "failed": State.FAILED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides an occurrence's state: its deadline, its outcome, its latest run, what it awaits.

    `pause` is what holds it now, if anything does.
    """

    due: date
    clock_time: str = ""
    tracked: bool = True
    informs: bool = False
    outcome: str | None = None
    outcome_at: datetime | None = None
    run_state: str | None = None
    awaits: tuple[str, ...] = ()
    due_when_settled: date | None = None
    clock_when_settled: str = ""
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A state, and beside it whether the deadline has passed: a stopped delivery may be late too.

    `newer` is what became of a run after the delivery was done; `held` that a person must approve
    what was stopped; `pause` holds what would else start now or soon.
    """

    state: State
    late: bool = False
    awaits: tuple[str, ...] = ()
    newer: State | None = None
    held: bool = False
    pause: Pause | None = None

    @property
    def label(self) -> str:
        """The words people read, e.g. "Stoppet, forsinket" or "Venter på Elever og fag pr 01.10"."""
        waits = self.state is State.WAITING
        word = f"Venter på {', '.join(self.awaits)}" if waits else self._word(self.state)
        return self._with_remarks(word) + (f", {self.pause.in_words}" if self.pause else "")

    @property
    def short_label(self) -> str:
        """Without what it waits for, nor why: "Venter", "Levert, nyere fil stoppet"."""
        return self._with_remarks(self._word(self.state)) + (", på pause" if self.pause else "")

    def _word(self, state: State) -> str:
        """A person decides on what is held; what is stopped must be mended."""
        return "Holdt igjen" if self.held and state is State.REFUSED else state.label

    def _with_remarks(self, word: str) -> str:
        late = self.late and self.state is not State.LATE
        newer = f", nyere fil {self._word(self.newer).lower()}" if self.newer else ""
        return f"{word}{', forsinket' if late else ''}{newer}"

    @property
    def tone(self) -> Tone:
        return Tone.DANGER if self.late else self.state.tone

    @property
    def urgency(self) -> int:
        return max(self.state.urgency, State.LATE.urgency) if self.late else self.state.urgency


def outcome_word(outcome: str | None) -> str:
    """How an occurrence was closed, in the middle of a sentence; "" while it is open."""
    return next((state.label.lower() for state in State if state == outcome), "")


def deadline(due: date, clock_time: str = "") -> datetime:
    """The last instant that is in time: the clock time in Oslo, or the end of the day."""
    at = time.fromisoformat(clock_time) if clock_time else time.max
    return datetime.combine(due, at, OSLO).astimezone(UTC)


def status_of(standing: Standing, now: datetime, near_until: date) -> Status:
    """The status at `now`; dates up to and including `near_until` are near."""
    closed = _closed(standing)
    if closed is not None:
        return Status(closed, newer=_stopped_since(standing))
    late = now > deadline(standing.due, standing.clock_time)
    if standing.run_state in _OF_RUN:
        state = _OF_RUN[standing.run_state]
        return Status(state, late, pause=None if state is State.RUNNING else standing.pause)
    return _open(standing, now, near_until, late=late)


def _closed(standing: Standing) -> State | None:
    """The state of what is finished or not followed here; such rows are never late."""
    if standing.outcome == "done":
        in_time = standing.outcome_at is None or standing.outcome_at <= _held_to(standing)
        return State.DONE if in_time else State.DONE_LATE
    if standing.outcome is not None:
        return _OF_OUTCOME[standing.outcome]
    if standing.informs:
        return State.INFORMATION
    return None if standing.tracked else State.UNTRACKED


def _held_to(standing: Standing) -> datetime:
    """The deadline that held when the outcome came, not what it has been moved to since."""
    if standing.due_when_settled is None:
        return deadline(standing.due, standing.clock_time)
    return deadline(standing.due_when_settled, standing.clock_when_settled)


def _stopped_since(standing: Standing) -> State | None:
    """How a run after the one that delivered came to nothing; the delivery stands."""
    found = _OF_RUN.get(standing.run_state or "") if standing.outcome == "done" else None
    return found if found in {State.REFUSED, State.FAILED, State.CANCELLED} else None


def _open(standing: Standing, now: datetime, near_until: date, *, late: bool) -> Status:
    if standing.due > near_until:
        return Status(State.PLANNED)
    if standing.awaits:
        return Status(State.WAITING, late, standing.awaits, pause=standing.pause)
    if late:
        return Status(State.LATE, late, pause=standing.pause)
    today = now.astimezone(OSLO).date()
    state = State.DUE_TODAY if standing.due == today else State.NEAR
    return Status(state, pause=standing.pause)
