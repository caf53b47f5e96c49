"""Queueing: the engine's queues, each with how many of it may run at once."""

from collections.abc import Callable
from typing import Any

from dbos import DBOS

from scheduler.engine.durable.steering import is_known
from scheduler.engine.terms import Queue

POLLING_SECONDS = 0.25


class Queues:
    """The queues this process has told the engine of; every process serves all that there are."""

    def __init__(self, concurrency: int, *, in_turn: bool = False) -> None:
        """At most `concurrency` of each queue run in one process; the last to say so decides for all.

        `in_turn`: there is one queue, and it is for what is asked for again; the rest begins at once.
        """
        self._concurrency, self._in_turn = concurrency, in_turn
        self._told: dict[str, Queue] = {}

    def named(self, queue: Queue) -> str:
        """The name of the queue, once the engine knows it and its number."""
        queue = Queue() if self._in_turn else queue
        if self._told.get(queue.name) != queue:
            DBOS.register_queue(
                queue.name,
                global_concurrency=queue.at_once,
                worker_concurrency=min(self._concurrency, queue.at_once or self._concurrency),
                polling_interval_sec=POLLING_SECONDS,
                on_conflict="always_update",
            )
            self._told[queue.name] = queue
        return queue.name

    def hand_over(self, queue: Queue, workflow: Callable[..., Any], order: dict[str, Any]) -> None:
        """Let the engine carry out an order, from its queue or as soon as those before it are done."""
        if not self._in_turn:
            DBOS.enqueue_workflow(self.named(queue), workflow, order)
        elif not is_known(str(order["run_id"])):  # else a start has taken it up again by now
            DBOS.start_workflow(workflow, order)
