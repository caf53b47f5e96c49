"""Pulse: a process holds its node's name and beats, so that the others know that it lives.

The name is held by a connection of its own. Lost with it (an outage, or peers who took this node for
dead), it is taken again at a later beat, unless another process has it by then. A process that has had
a gap in its beats knows nothing of the others, and judges nobody until it has been steady again.
"""

import logging
import time
from contextlib import suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from scheduler.ledger import nodes

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 0.2


class NameTakenError(Exception):
    """Another process runs as this node; the message says so, and the remedy."""

    def __init__(self, node: str) -> None:
        super().__init__(
            f"En annen prosess kjører alt som noden «{node}» på denne databasen. Stopp den, eller gi "
            "denne et eget navn: AARSHJUL_NODE=node-2."
        )


class Pulse:
    """One process's name and beats."""

    def __init__(self, database: Engine, node: str, dead_after: float) -> None:
        self._database, self._node, self._limit = database, node, dead_after
        self._connection: Connection | None = None
        self._last_beat = self._steady_since = time.monotonic()
        self._refused_since: float | None = None

    def begin(self) -> None:
        """Take the name, once a process that died under it is gone; else raise NameTakenError."""
        until = time.monotonic() + self._limit
        while not self._take_name():
            if time.monotonic() > until:
                raise NameTakenError(self._node)
            time.sleep(TRY_AGAIN_SECONDS)
        self._last_beat = self._steady_since = time.monotonic()

    def beat(self) -> None:
        """A sign of life, unless the name cannot be had now."""
        try:
            if self._connection is None and not self._take_name():
                self._refused_since = self._refused_since or time.monotonic()
                return
            if self._connection is not None:
                nodes.beat(self._connection, self._node)
        except DBAPIError as error:
            log.warning("no beat: %s", type(error).__name__, extra={"action": "no-beat"})
            self.end()
            return
        self._note_beat(time.monotonic())

    def _note_beat(self, now: float) -> None:
        """Half the limit without a beat is a gap: the others' beats are then no older for it."""
        if now - self._last_beat > self._limit / 2:
            log.warning("no beat for %.1f s", now - self._last_beat, extra={"action": "no-beat"})
            self._steady_since = now
        self._last_beat = now

    def _take_name(self) -> bool:
        """On a connection for this alone; a process of the name that is silent is ended on the way."""
        connection = nodes.own_connection(self._database)
        connection.detach()
        if nodes.take_name(connection, self._node):
            self._connection, self._refused_since = connection, None
            return True
        nodes.cut_off(connection, self._node)
        connection.close()
        return False

    @property
    def steady(self) -> bool:
        """Whether it has beaten for the whole limit without a gap, and so may judge others."""
        now = time.monotonic()
        return now - self._last_beat <= self._limit / 2 and now - self._steady_since >= self._limit

    @property
    def lost(self) -> bool:
        """Whether the name has been refused for so long that another process must have it.

        A peer that takes over what we left has it for a moment only.
        """
        since = self._refused_since
        return since is not None and time.monotonic() - since > self._limit

    def end(self) -> None:
        """Let the name go."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None
