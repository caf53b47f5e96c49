"""Runs: each run with its job's steps, finished ones with their times, the rest as they stand."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.api import Job
from scheduler.ledger.views import OccurrenceView, Receipt, Run
from web.site import ReadSteps

# No run of a job takes so long: what is further apart was told by two clocks.
APART = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as people see it: "done", "failed", "refused", "running" or "waiting"."""

    name: str
    title: str
    state: str
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class ReceiptPanel:
    """A receipt, and its detail as single facts and as tables of records, each with its word."""

    receipt: Receipt
    facts: tuple[tuple[str, object], ...]
    tables: tuple[tuple[str, Sequence[Mapping[str, object]]], ...]


@dataclass(frozen=True, slots=True)
class RunPanel:
    """A run, its job's title, its steps, the receipt if one came back, and if it held a file."""

    run: Run
    title: str
    steps: tuple[StepLine, ...]
    receipt: ReceiptPanel | None
    held: bool

    def titled(self, name: str) -> str:
        """What people call a step."""
        return next((step.title for step in self.steps if step.name == name), name)

    @property
    def replayed(self) -> bool:
        """Whether the steps ran at another time than the run tells: in a year that was replayed."""
        begun = [step.started_at for step in self.steps if step.started_at]
        return any(abs(at - self.run.requested_at) > APART for at in begun)


def run_panels(
    view: OccurrenceView, read_steps: ReadSteps, jobs: Mapping[str, Job], held: Container[str]
) -> list[RunPanel]:
    receipts = {receipt.run_id: _receipt(receipt) for receipt in view.receipts}
    return [
        RunPanel(
            run,
            _title(run, jobs),
            _steps(run, jobs, read_steps),
            receipts.get(run.id),
            held=run.id in held,
        )
        for run in view.runs
    ]


def _receipt(receipt: Receipt) -> ReceiptPanel:
    tables = {word: _records(value) for word, value in receipt.detail.items()}
    return ReceiptPanel(
        receipt,
        tuple((word, value) for word, value in receipt.detail.items() if not tables[word]),
        tuple((word, records) for word, records in tables.items() if records),
    )


def _records(value: object) -> Sequence[Mapping[str, object]]:
    """The rows of a table: a list of mappings, or one mapping alone; nothing for other values."""
    rows = value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, Mapping)]


def _title(run: Run, jobs: Mapping[str, Job]) -> str:
    return jobs[run.job].title if run.job in jobs else run.job


def _steps(run: Run, jobs: Mapping[str, Job], read_steps: ReadSteps) -> tuple[StepLine, ...]:
    """The job's declared steps in order, each with what the engine recorded of it."""
    declared = jobs[run.job].steps if run.job in jobs else ()
    recorded = {step.name: step for step in read_steps(run.id)}
    finished = [step.name for step in declared if step.name in recorded]
    waiting = [step.name for step in declared if step.name not in recorded]
    current = waiting[0] if waiting and run.state in ("running", "cancelling") else None
    lines = []
    for step in declared:
        done = recorded.get(step.name)
        if done is None:
            lines.append(
                StepLine(step.name, step.title, "running" if step.name == current else "waiting")
            )
        else:
            stopped = run.state == "refused" and step.name == finished[-1]
            state = "failed" if done.error else "refused" if stopped else "done"
            lines.append(StepLine(step.name, step.title, state, done.started_at, done.finished_at))
    return tuple(lines)
