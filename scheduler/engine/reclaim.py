"""Reclaiming: work that this node has taken from the queue and is not at goes back to the queue.

A claim is a commit. When the connection breaks right then, the commit may have taken place although
the node was told that it failed: the work is this node's, and nobody does it. A start would go on
with it, but a node may live for months.
"""

import logging
import time
from collections.abc import Callable

from scheduler.engine.durable import DurableEngine
from scheduler.engine.durable.handing import claimed_by, hand_on, launched

log = logging.getLogger(__name__)

LEFT_SECONDS = (
    5.0  # between a claim and the first step there may be a busy machine, but not so long
)


class Reclaimer:
    """Looks at each tick for what is claimed and lies still; putting it back twice does no harm."""

    def __init__(
        self, engine: DurableEngine, node: str, uptime: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._node, self._uptime = engine, node, uptime
        self._idle_since: dict[str, float] = {}

    def look(self) -> list[str]:
        """Put back what has been idle for long enough; returns the runs."""
        now = self._uptime()
        claimed = claimed_by(launched(), [self._node])
        idle = [run for run in claimed if run not in self._engine.executing]
        self._idle_since = {run: self._idle_since.get(run, now) for run in idle}
        left = [run for run, since in self._idle_since.items() if now - since >= LEFT_SECONDS]
        if left:
            log.warning("claimed and not begun: %s", ", ".join(left), extra={"action": "reclaim"})
            hand_on(launched(), {run: claimed[run] for run in left})
        return left
