"""State: where an occurrence stands, in one word, from what the ledger holds about it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Self

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.saying import Say, as_it_stands
from scheduler.ledger.deadline import deadline, held_to
from scheduler.ledger.pause import Pause
from scheduler.ledger.risk import Risk

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

    FAILED = "failed", "Feilet", Tone.DANGER, 14
    REFUSED = "refused", "Stoppet", Tone.DANGER, 13
    CANCELLED = "cancelled", "Avbrutt", Tone.WARNING, 12
    LATE = "late", "Forsinket", Tone.DANGER, 12
    IN_GRACE = "in-grace", "På overtid", Tone.WARNING, 11
    UNCONFIRMED = "unconfirmed", "Sendt, ikke bekreftet", Tone.WARNING, 11
    DUE_TODAY = "due-today", "Frist i dag", Tone.WARNING, 10
    AT_RISK = "at-risk", "I fare", Tone.WARNING, 9
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
# A run that goes again, or that declined, tells more of where a delivery stands than an old intent.
_NOT_SENT = ("requested", "retrying", "refused")


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides an occurrence's state: its deadline, its outcome, its latest run, what it awaits.

    `pause` is what holds it now, if anything does; `quiet` how long its receiver's quiet hours do.
    `grace_until` is the last day that is overtime and not yet late, where there is any. `sent` is that
    it may have gone out, without a receipt yet. `risk` is what earlier years say of its being late.
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
    quiet: str = ""
    grace_until: date | None = None
    sent: bool = False
    risk: Risk | None = None

    @property
    def late_from(self) -> datetime:
        """The last instant before it is late: its deadline, or the end of its grace."""
        return deadline(self.grace_until or self.due, self.clock_time)


@dataclass(frozen=True, slots=True)
class Status:
    """A state, and beside it whether the deadline has passed: a stopped delivery may be late too.

    `newer` is what became of a run after the delivery was done; `held` that a person must approve
    what was stopped; `pause` holds what would else start now or soon, and `quiet` says how long quiet
    hours do: «venter til 06.00». `failed` is a run that broke after it may have sent; `risk` is what
    earlier years say, while the deadline lies ahead.
    """

    state: State
    late: bool = False
    awaits: tuple[str, ...] = ()
    newer: State | None = None
    held: bool = False
    pause: Pause | None = None
    quiet: str = ""
    failed: bool = False
    risk: Risk | None = None

    @property
    def label(self) -> str:
        """The words people read, e.g. "Stoppet, forsinket" or "Venter på Elever og fag pr 01.10"."""
        return self.told() + (f", {self.pause.in_words}" if self.pause else "")

    @property
    def short_label(self) -> str:
        """Without what it waits for, nor why: "Venter", "Levert, nyere fil stoppet"."""
        return self.briefly()

    def told(self, say: Say = as_it_stands) -> str:
        """The label without what holds it."""
        word = self._word(self.state, say)
        if self.state is State.WAITING:
            word = say("Venter på %(what)s") % {"what": ", ".join(self.awaits)}
        return self._with_remarks(word, say) + (f", {self.quiet}" if self.quiet else "")

    def briefly(self, say: Say = as_it_stands) -> str:
        """The short label."""
        word = self._with_remarks(self._word(self.state, say), say)
        return ", ".join((word, say("på pause"))) if self.pause else word

    def _word(self, state: State, say: Say) -> str:
        """A person decides on what is held; what is stopped must be mended."""
        return say("Holdt igjen") if self.held and state is State.REFUSED else say(state.label)

    def _with_remarks(self, word: str, say: Say) -> str:
        words = [word]
        if self.failed:
            words.append(say("kjøringen feilet"))
        if self.late and self.state is not State.LATE:
            words.append(say("forsinket"))
        if self.newer:
            words.append(
                say("nyere fil %(state)s") % {"state": self._word(self.newer, say).lower()}
            )
        return ", ".join(words)

    @property
    def tone(self) -> Tone:
        return Tone.DANGER if self.late else self.state.tone

    @property
    def urgency(self) -> int:
        return max(self.state.urgency, State.LATE.urgency) if self.late else self.state.urgency


def outcome_word(outcome: str | None) -> str:
    """How an occurrence was closed, in the middle of a sentence; "" while it is open."""
    return next((state.label.lower() for state in State if state == outcome), "")


def status_of(standing: Standing, now: datetime, near_until: date) -> Status:
    """The status at `now`; dates up to and including `near_until` are near."""
    settled = closed(standing)
    if settled is not None:
        return settled
    late = now > standing.late_from
    if standing.sent and standing.run_state not in _NOT_SENT:
        return Status(State.UNCONFIRMED, late, failed=standing.run_state == "failed")
    if standing.run_state in _OF_RUN:
        state = _OF_RUN[standing.run_state]
        return Status(state, late, pause=None if state is State.RUNNING else standing.pause)
    return _open(standing, now, near_until, late=late)


def closed(standing: Standing) -> Status | None:
    """The status of what no clock moves any more; None for what is open."""
    state = _closed(standing)
    return None if state is None else _settled(state, _stopped_since(standing))


@lru_cache
def _settled(state: State, newer: State | None) -> Status:
    """One value for all that are closed alike."""
    return Status(state, newer=newer)


def _closed(standing: Standing) -> State | None:
    """The state of what is finished or not followed here; such rows are never late."""
    if standing.outcome == "done":
        in_time = standing.outcome_at is None or standing.outcome_at <= deadline(*held_to(standing))
        return State.DONE if in_time else State.DONE_LATE
    if standing.outcome is not None:
        return _OF_OUTCOME[standing.outcome]
    if standing.informs:
        return State.INFORMATION
    return None if standing.tracked else State.UNTRACKED


def _stopped_since(standing: Standing) -> State | None:
    """How a run after the one that delivered came to nothing; the delivery stands."""
    found = _OF_RUN.get(standing.run_state or "") if standing.outcome == "done" else None
    return found if found in {State.REFUSED, State.FAILED, State.CANCELLED} else None


def _open(standing: Standing, now: datetime, near_until: date, *, late: bool) -> Status:
    state = _ahead(standing, now, near_until, late=late)
    awaits = standing.awaits if state is State.WAITING else ()
    pause = None if standing.due > near_until else standing.pause
    overdue = state in (State.LATE, State.IN_GRACE)
    quiet = standing.quiet if overdue or state is State.DUE_TODAY else ""
    risk = None if overdue else standing.risk
    return Status(state, late, awaits, pause=pause, quiet=quiet, risk=risk)


def _ahead(standing: Standing, now: datetime, near_until: date, *, late: bool) -> State:
    """What is open and has not begun: what it waits for goes before its day, and its day before risk."""
    if standing.awaits and standing.due <= near_until:
        return State.WAITING
    if late:
        return State.LATE
    if now > deadline(standing.due, standing.clock_time):
        return State.IN_GRACE
    if standing.due == now.astimezone(OSLO).date():
        return State.DUE_TODAY
    if standing.risk and standing.risk.high:
        return State.AT_RISK
    return State.PLANNED if standing.due > near_until else State.NEAR
