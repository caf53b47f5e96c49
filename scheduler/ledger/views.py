"""Views: the frozen values that the read side hands to the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from scheduler.calendar import Deliverable
from scheduler.calendar.occurrence import DateStatus, Occurrence
from scheduler.calendar.words import day_of_year
from scheduler.ledger.rehearsals import Rehearsal
from scheduler.ledger.risk import Curve
from scheduler.ledger.state import Status


@dataclass(frozen=True, slots=True)
class Item:
    """An occurrence as every list shows it: what, whose, when, and where it stands."""

    occurrence: Occurrence
    deliverable: Deliverable | None
    outcome: str | None
    outcome_at: datetime | None
    status: Status

    @property
    def key(self) -> str:
        return self.occurrence.key

    @property
    def row_name(self) -> str:
        """The deliverable's name, or its id once the calendar no longer holds it."""
        return self.deliverable.name if self.deliverable else self.occurrence.deliverable

    @property
    def name(self) -> str:
        return called(self.row_name, self.occurrence)

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(self.deliverable.areas) if self.deliverable else ()

    @property
    def due(self) -> date:
        return self.occurrence.due

    @property
    def scope(self) -> str:
        return self.occurrence.scope

    @property
    def tracked(self) -> bool:
        """Whether it is known here when it is done; the rest is shown, never called late or done."""
        return bool(self.deliverable and self.deliverable.followed)

    @property
    def undecided(self) -> bool:
        """Whether the row holds a question that nobody has answered yet."""
        return bool(self.deliverable and self.deliverable.undecided)

    @property
    def proposed(self) -> bool:
        return self.occurrence.date_status is DateStatus.PROPOSED


def called(row_name: str, occurrence: Occurrence) -> str:
    """What a turn is called: a recurring row by its day, «Sluttere og startere, 23. november»."""
    return f"{row_name}, {day_of_year(occurrence.nominal)}" if occurrence.recurs else row_name


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A process died in a run, in a step; where the run went on, or that it was given up."""

    at: datetime
    left_by: str
    taken_by: str
    step: str
    given_up: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of an occurrence's job."""

    id: str
    number: int
    job: str
    state: str
    started_by: str
    requested_at: datetime
    finished_at: datetime | None
    reasons: tuple[str, ...]
    take_overs: tuple[TakeOver, ...] = ()

    @property
    def taken_over(self) -> int:
        """How often its process has died."""
        return len(self.take_overs)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's acknowledgement of a run."""

    run_id: str
    kind: str
    receiver: str
    reference: str
    received_at: datetime
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when and why; `detail` is what an action has besides."""

    at: datetime
    actor: str
    action: str
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OccurrenceView:
    """Everything the ledger holds about one occurrence.

    `curves` are the arrivals of earlier years and then of its own, empty without earlier years; `pair`
    is the first or final delivery that it belongs to, if there is one. `counts` is what was last sent for it
    and for that other, by key: the count that it speaks for. `around` is all that its edges may lead to.
    """

    item: Item
    predecessors: tuple[Item, ...]
    runs: tuple[Run, ...]
    receipts: tuple[Receipt, ...]
    decisions: tuple[Decision, ...]
    rehearsals: tuple[Rehearsal, ...] = ()
    curves: tuple[Curve, ...] = ()
    pair: tuple[Item, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)
    around: tuple[Item, ...] = ()
