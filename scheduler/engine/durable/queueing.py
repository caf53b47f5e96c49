"""Queueing: the engine's queues, each with how many of it may run at once, and how often it is looked into."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from dbos import DBOS

from scheduler.engine.durable.steering import is_known
from scheduler.engine.terms import Queue

# Seconds between two looks of a process into a queue. The place of a run that has ended is filled at
# the next look: where more wait than may run at once, that is what they cost each other.
CALM, BRISK = 0.25, 0.02


class Queues:
    """The queues this process has told the engine of; every process serves all that there are."""

    def __init__(self, concurrency: int, *, in_turn: bool = False) -> None:
        """At most `concurrency` of each queue run in one process; the last to say so decides for all.

        `in_turn`: there is one queue, and it is for what is asked for again; the rest begins at once.
        """
        self._concurrency, self._in_turn = concurrency, in_turn
        self._told: dict[str, tuple[Queue, float]] = {}
        self._waiting: Counter[str] = Counter()

    def named(self, queue: Queue) -> str:
        """The name of the queue, once the engine knows it and its number."""
        queue = Queue() if self._in_turn else queue
        seconds = BRISK if self._is_crowded(queue) else CALM
        if self._told.get(queue.name) != (queue, seconds):
            DBOS.register_queue(
                queue.name,
                global_concurrency=queue.at_once,
                worker_concurrency=self._at_once(queue),
                polling_interval_sec=seconds,
                on_conflict="always_update",
            )
            self._told[queue.name] = (queue, seconds)
        return queue.name

    def _at_once(self, queue: Queue) -> int:
        return min(self._concurrency, queue.at_once or self._concurrency)

    def _is_crowded(self, queue: Queue) -> bool:
        return self._waiting[queue.name] > self._at_once(queue)

    def hand_over(self, queue: Queue, workflow: Callable[..., Any], order: dict[str, Any]) -> None:
        """Let the engine carry out an order, from its queue or as soon as those before it are done."""
        if not self._in_turn:
            DBOS.enqueue_workflow(self.named(queue), workflow, order)
            self._waiting[queue.name] += 1
        elif not is_known(str(order["run_id"])):  # else a start has taken it up again by now
            DBOS.start_workflow(workflow, order)

    def pace(self) -> None:
        """Look often into the queues where more wait than may run at once, seldom into the others.

        The engine is told of a crowded one again each time: another process may have found it calm.
        """
        if self._in_turn:
            return
        waiting = DBOS.list_workflows(status="ENQUEUED", load_input=False, load_output=False)
        self._waiting = Counter(work.queue_name or "" for work in waiting)
        for queue, _seconds in list(self._told.values()):
            if self._is_crowded(queue):
                del self._told[queue.name]
            self.named(queue)
