"""The engine's library alone, its tables set up as ours are, and nothing of ours around it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbos import DBOS
from sqlalchemy import create_engine

from jobs.api import Limits
from scheduler.engine.durable.configuring import configuration
from scheduler.engine.runtime import RuntimeParts, write_ahead_log

LET_FINISH = 30  # seconds


@contextmanager
def launched(
    url: str, body: Callable[..., Any], *, in_turn: bool = False
) -> Iterator[Callable[..., Any]]:
    """The body as a workflow that may be started, with its tables at `url`, until the block ends."""
    workflow = DBOS.workflow(name=body.__name__)(body)
    write_ahead_log(url)
    unused = create_engine("sqlite://")
    parts = RuntimeParts(unused, Path(), {}, lambda: datetime.now(UTC), Limits(), in_turn=in_turn)
    DBOS(config=configuration(url, "bench", "1", parts))
    DBOS.launch()
    try:
        yield workflow
    finally:
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=LET_FINISH)
