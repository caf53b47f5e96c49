"""What a job is: a list of named steps that the engine runs, checkpoints and resumes.

A job sees its order and its context, never the ledger's tables, the web or the engine.
Facts passed between steps are small JSON values (ids, counts, hashes), never rows and never
identity numbers: the engine stores them.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

# Tries of a step, with 1, 2, 4, 8 and 16 s between them: as long as a database takes to start again
# after a crash, or a disk to be there. Away longer than that, a run fails and a person orders it anew.
ATTEMPTS = 6

Facts = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The job declines for reasons a person can mend; each reason is one Norwegian sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class StartsOn(StrEnum):
    """What starts a job's run: a file that arrives, or the day the occurrence is due."""

    ARRIVAL = "arrival"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Order:
    """One run of one occurrence, as the engine stores it (JSON): identity, dates, inputs.

    `now` is the instant of the decision (aware UTC); steps take their time from it.
    `inputs` holds ids only, e.g. {"delivery_id": 12}.
    """

    run_id: str
    job: str
    deliverable: str
    cycle: str
    stage: str
    scope: str
    nominal: date
    due: date
    reference_date: date | None
    now: datetime
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.deliverable}/{self.cycle}/{self.stage}/{self.scope}"

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Order":
        dates = {
            name: value[name] and date.fromisoformat(value[name])
            for name in ("nominal", "due", "reference_date")
        }
        return cls(**{**value, **dates, "now": datetime.fromisoformat(value["now"])})


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service lets in: file size in bytes, and whether people may be real.

    A database holds either real or synthetic identity numbers, never both.
    """

    max_file_bytes: int = 512 << 20
    real_people: bool = False


@dataclass(frozen=True, slots=True)
class JobContext:
    """Everything a step may use: its order, the database, the folders, the limits."""

    order: Order
    engine: Engine
    data_dir: Path
    limits: Limits = Limits()

    def reading(self) -> Session:
        """A session that only reads; on SQLite it never waits for a writer, nor makes one wait."""
        return Session(self.engine.execution_options(read_only=True))

    @property
    def work_dir(self) -> Path:
        """A folder of this run's own, safe to write again after a crash."""
        folder = self.data_dir / "work" / self.order.run_id.replace("/", "_").replace("#", "_")
        folder.mkdir(parents=True, exist_ok=True)
        return folder


StepBody = Callable[[JobContext, Facts], Facts]
DataStepBody = Callable[[JobContext, Session, Facts], Facts]


@dataclass(frozen=True, slots=True)
class Step:
    """A checkpointed part of a job that may be begun twice, so its body is idempotent.

    `attempts` counts tries with backoff before the step fails.
    """

    name: str
    title: str
    body: StepBody
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class DataStep:
    """A step whose rows and checkpoint commit in one database transaction."""

    name: str
    title: str
    body: DataStepBody


@dataclass(frozen=True, slots=True)
class Job:
    """A named list of steps. The last step's facts must hold "receipt": see ReceiptFacts."""

    name: str
    title: str
    starts_on: StartsOn
    steps: tuple[Step | DataStep, ...]


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """The receiver's acknowledgement, as the last step returns it under "receipt"."""

    kind: str
    receiver: str
    reference: str
    detail: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
