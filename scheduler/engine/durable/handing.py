"""Handing on: what a process has begun and left is put back in the queue, for whoever is there.

`api` is the library in this process, or a client of it where nothing is launched yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from dbos import DBOS, DBOSClient, WorkflowStatus
from sqlalchemy.exc import DBAPIError, ProgrammingError

from scheduler.engine.durable.reads import client
from scheduler.engine.terms import IMPORTS

Api = type[DBOS] | DBOSClient


@dataclass(frozen=True, slots=True)
class Left:
    """A run that a node has begun and not ended, the steps that it has finished, and its queue."""

    run_id: str
    finished: frozenset[str]
    queue: str


@contextmanager
def not_launched(url: str) -> Iterator[Api]:
    """The way to the engine's tables at `url` of a process that runs nothing yet."""
    with client(url) as opened:
        yield opened


def launched() -> Api:
    """The way of a process whose engine has started."""
    return DBOS


def left_by(api: Api, nodes: Sequence[str]) -> list[Left]:
    """What these nodes have begun and not ended; nothing where no engine was ever started."""
    try:
        begun = claimed_by(api, nodes)
    except DBAPIError as error:
        if _has_no_tables(error):
            return []
        raise
    return [Left(run_id, _finished(api, run_id), queue) for run_id, queue in begun.items()]


def _has_no_tables(error: DBAPIError) -> bool:
    """Each database's way to say so; one that does not answer must not look like that."""
    return isinstance(error, ProgrammingError) or "no such table" in str(error.orig)


def claimed_by(api: Api, nodes: Sequence[str]) -> dict[str, str]:
    """The runs that these nodes have taken from a queue and not ended, and which queue it was."""
    return {work.workflow_id: work.queue_name or IMPORTS for work in _begun(api, nodes)}


def busy(api: Api, nodes: Sequence[str]) -> list[str]:
    """Those of the nodes that have begun something and not ended it."""
    begun = _begun(api, nodes) if nodes else []
    return sorted({work.executor_id for work in begun if work.executor_id})


def _begun(api: Api, nodes: Sequence[str]) -> list[WorkflowStatus]:
    return api.list_workflows(
        status="PENDING", executor_id=list(nodes), load_input=False, load_output=False
    )


def _finished(api: Api, run_id: str) -> frozenset[str]:
    steps = api.list_workflow_steps(run_id)  # errors are told only with the outputs
    return frozenset(step["function_name"] for step in steps if not step["error"])


def hand_on(api: Api, queues: Mapping[str, str]) -> None:
    """Let the runs go on from their last finished step; whoever was in them owns them no longer.

    `queues` is run id -> queue: each stands in its own again, so that no more of them go to a receiver
    than may.
    """
    for queue in sorted(set(queues.values())):
        api.resume_workflows([r for r, its in queues.items() if its == queue], queue_name=queue)


def give_up(api: Api, run_id: str) -> None:
    """Let nobody go on with the run, until a person asks for it."""
    api.cancel_workflow(run_id)
