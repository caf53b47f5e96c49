"""Queueing: the engine's queues, each with how many of it may run at once."""

from dbos import DBOS

from scheduler.engine.terms import Queue


class Queues:
    """The queues this process has told the engine of; every process serves all that there are."""

    def __init__(self, concurrency: int, polling_seconds: float) -> None:
        """At most `concurrency` of each queue run in one process; the last to say so decides for all."""
        self._concurrency, self._polling_seconds = concurrency, polling_seconds
        self._told: dict[str, Queue] = {}

    def named(self, queue: Queue) -> str:
        """The name of the queue, once the engine knows it and its number."""
        if self._told.get(queue.name) != queue:
            DBOS.register_queue(
                queue.name,
                global_concurrency=queue.at_once,
                worker_concurrency=min(self._concurrency, queue.at_once or self._concurrency),
                polling_interval_sec=self._polling_seconds,
                on_conflict="always_update",
            )
            self._told[queue.name] = queue
        return queue.name
