"""What a job is: a list of named steps that the engine runs, checkpoints and resumes.

A job sees its order and its context, never the ledger's tables, the web or the engine.
Facts passed between steps are small JSON values (ids, counts, hashes), never rows and never
identity numbers: the engine stores them.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.fencing import must_be_mine

# What a rehearsal's order adds to its job's name. An older release that takes such an order from the
# queue knows no job of that name, and so sends nothing.
REHEARSAL = "~rehearsal"

Facts = dict[str, Any]

# The fact of a last step without a receipt: what was sent waits for the receiver's own.
AWAITS_RECEIPT = "awaits_receipt"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The job declines for reasons a person can mend; each reason is one Norwegian sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class Hindrance(Refusal):
    """What stands in the way is ours to mend, not the sender's: the step has failed, and goes again."""


class StartsOn(StrEnum):
    """What starts a job's run: a file that arrives, or the day the occurrence is due."""

    ARRIVAL = "arrival"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Order:
    """One run of one occurrence, as the engine stores it (JSON): identity, dates, inputs.

    `now` is the instant of the decision (aware UTC); steps take their time from it.
    `inputs` holds ids and days only, e.g. {"delivery_id": 12}.
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
    def rehearses(self) -> bool:
        """Whether it only tries what the job's rehearsal says; nothing is sent."""
        return self.job.endswith(REHEARSAL)

    @property
    def calendar_job(self) -> str:
        """The job as the calendar names it, of a rehearsal too."""
        return self.job.removesuffix(REHEARSAL)

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


def work_folder(data_dir: Path, run_id: str) -> Path:
    """Where a run leaves what its later steps need; nobody has made it yet."""
    return data_dir / "work" / run_id.replace("/", "_").replace("#", "_")


@dataclass(frozen=True, slots=True)
class JobContext:
    """Everything a step may use: its order, the database, the folders, the limits.

    `channels` is the file that says which way each receiver's deliveries go; None: all to the outbox.
    """

    order: Order
    engine: Engine
    data_dir: Path
    limits: Limits = Limits()
    channels: Path | None = None

    def reading(self) -> Session:
        """A session that only reads; on SQLite it never waits for a writer, nor makes one wait."""
        return Session(self.engine.execution_options(read_only=True))

    @property
    def work_dir(self) -> Path:
        """A folder of this run's own, safe to write again after a crash.

        Steps on different nodes share it: what they leave there for each other is written whole.
        """
        folder = work_folder(self.data_dir, self.order.run_id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def clear_work_dir(self) -> None:
        """Remove the folder, unless the run, and with it the folder, is another process's now."""
        must_be_mine()
        shutil.rmtree(self.work_dir, ignore_errors=True)


StepBody = Callable[[JobContext, Facts], Facts]
DataStepBody = Callable[[JobContext, Session, Facts], Facts]


@dataclass(frozen=True, slots=True)
class Step:
    """A checkpointed part of a job that may be begun twice, so its body is idempotent.

    It is, after a crash, and when it stopped of what may pass: how often is its row's policy.
    """

    name: str
    title: str
    body: StepBody


@dataclass(frozen=True, slots=True)
class DataStep:
    """A step whose rows and checkpoint commit in one database transaction."""

    name: str
    title: str
    body: DataStepBody


@dataclass(frozen=True, slots=True)
class Trial:
    """A step as a rehearsal tries it, in a folder of its own; elsewhere it writes counts at most.

    `waits`: a refusal only says that something has not come yet, so nothing has failed.
    """

    step: Step
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A named list of steps. The last step's facts hold "receipt" (see ReceiptFacts) or AWAITS_RECEIPT.

    `rehearsal` is what is tried ahead of its day: up to and including the file, and the channel; of a
    transfer, its dry run.
    `heeds` names the rows of calendar.yaml for whose file a person's word will do: a waiver, or that
    there is nothing to report. Its runs find it in their inputs under "by_word".
    """

    name: str
    title: str
    starts_on: StartsOn
    steps: tuple[Step | DataStep, ...]
    rehearsal: tuple[Trial, ...] = ()
    heeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """The receiver's acknowledgement, as the last step returns it under "receipt"."""

    kind: str
    receiver: str
    reference: str
    detail: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
