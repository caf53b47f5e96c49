"""Queueing: the engine's queues, each with how many of it may run at once."""

from dbos import DBOS

from scheduler.engine.terms import Queue

POLLING_SECONDS = 0.25


class Queues:
    """The queues this process has told the engine of; every process serves all that there are."""

    def __init__(self, concurrency: int) -> None:
        """At most `concurrency` of each queue run in one process; the last to say so decides for all."""
        self._concurrency = concurrency
        self._told: dict[str, Queue] = {}

    def named(self, queue: Queue) -> str:
        """The name of the queue, once the engine knows it and its number."""
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
