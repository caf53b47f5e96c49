"""What the engine's own tables tell: the steps of a run, and the state of its work."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.exc import OperationalError, ProgrammingError

from scheduler.engine.runtime import RunStep
from scheduler.ledger.run_proof import UNFINISHED


@contextmanager
def client(url: str) -> Iterator[DBOSClient]:
    opened = DBOSClient(
        system_database_url=url,
        serializer=DBOSPortableJSONSerializer(),
        lazy=True,
        retry_connection_errors=False,
    )
    try:
        yield opened
    finally:
        opened.destroy()


def read_steps(url: str, run_id: str) -> list[RunStep]:
    """The finished steps of a run, oldest first, from the engine's tables at `url`."""
    with client(url) as opened:
        recorded = opened.list_workflow_steps(run_id)  # errors are told only with the outputs
    return [
        RunStep(
            step["function_name"],
            _instant(step["started_at_epoch_ms"]),
            _instant(step["completed_at_epoch_ms"]),
            str(step["error"]) if step["error"] else None,
        )
        for step in recorded
    ]


def read_work(url: str, run_ids: Sequence[str]) -> dict[str, str | None]:
    """The engine's state of these runs and of all that it has not finished, by run id.

    None is the state of a run that it does not know. An engine that was never started has no
    tables, and no work.
    """
    try:
        with client(url) as opened:
            return listed(opened.list_workflows, run_ids)
    except (OperationalError, ProgrammingError):
        if run_ids:
            raise
        return {}


def listed(listing: Callable[..., Any], run_ids: Sequence[str]) -> dict[str, str | None]:
    """The same, by the library's own way to list work, in this process or through a client."""
    ids = {"load_input": False, "load_output": False}
    unfinished = listing(status=sorted(UNFINISHED), **ids)
    asked = listing(workflow_ids=list(run_ids), **ids) if run_ids else []
    known = {work.workflow_id: work.status for work in (*unfinished, *asked)}
    return dict.fromkeys(run_ids) | known


def _instant(epoch_ms: int | None) -> datetime | None:
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)
