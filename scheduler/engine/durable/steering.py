"""Steering: stop a run before its next step, or let it go again from a step."""

import time
from collections.abc import Sequence

from dbos import DBOS
from dbos import SQLAlchemyDatasource as Datasource

from scheduler.engine.durable.owning import is_committed


def cancel(run_id: str) -> None:
    """Stop a workflow before its next step; one that has ended, or is unknown, is left alone."""
    DBOS.cancel_workflow(run_id)


def over_time(run_id: str) -> float | None:
    """The limit, in minutes, of a workflow that was stopped because it had passed; None for others."""
    status = DBOS.get_workflow_status(run_id)
    if status is None or status.status != "CANCELLED":
        return None
    deadline, limit = status.workflow_deadline_epoch_ms, status.workflow_timeout_ms
    over = deadline is not None and deadline <= time.time() * 1000
    return limit / 60_000 if over and limit is not None else None


def is_known(run_id: str) -> bool:
    """Whether the engine has the workflow."""
    return DBOS.get_workflow_status(run_id) is not None


def rewind(
    run_id: str, steps: Sequence[str], wanted: str, queue: str, datasource: Datasource
) -> bool:
    """Enqueue an ended workflow again from the step `wanted`; False when it has not ended yet.

    "" is the first step that has not finished, and no later one can be asked for: a step stands on
    those before it. A workflow ends a moment after its run is settled.

    A data step is finished when its rows are committed, also if its process was killed before the
    engine heard of it: a rewind to it would forget that, and load them a second time.
    """
    status = DBOS.get_workflow_status(run_id)
    ended = status is not None and status.status in ("SUCCESS", "ERROR", "CANCELLED")
    if ended:
        recorded = DBOS.list_workflow_steps(run_id)
        finished = {step["function_name"] for step in recorded if not step["error"]}
        finished |= {
            name for number, name in enumerate(steps, 1) if is_committed(datasource, run_id, number)
        }
        first = _number(steps, finished, wanted)
        DBOS.rewind_workflow(run_id, start_step=first, queue_name=queue)
    return ended


def _number(steps: Sequence[str], finished: set[str], wanted: str) -> int:
    """The engine's number of the step to begin at: steps are numbered from 1, in order."""
    unfinished = [number for number, name in enumerate(steps, 1) if name not in finished]
    latest = min(unfinished, default=len(steps) + 1)
    return min(steps.index(wanted) + 1, latest) if wanted in steps else latest
