"""Peers: what a process does for being one of several: has a name, beats, takes over what others leave.

Only on PostgreSQL. On SQLite there is one process, which takes over what it left itself when it died.
"""

from contextlib import suppress

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler.engine.durable.handing import launched, not_launched
from scheduler.engine.pulse import Pulse
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.take_over import TakeOver
from scheduler.ledger import nodes
from scheduler.settings import Settings


class Peers:
    """A process among the others; `begin` before its engine starts, `end` after it has stopped."""

    def __init__(self, settings: Settings, parts: RuntimeParts) -> None:
        self._settings, self._database, self._clock = settings, parts.database, parts.clock
        limit = settings.dead_after_seconds
        self.several = nodes.can_be_several(parts.database)
        self._pulse = Pulse(parts.database, settings.node, limit)
        self._take_over = TakeOver(parts, settings.node)

    def begin(self) -> None:
        """Take the node's name; note the deaths of the runs that a process before us died in."""
        node, limit = self._settings.node, None
        if self.several:
            self._pulse.begin()
            limit = self._settings.dead_after_seconds
        with Session(self._database) as session, session.begin():
            in_order = nodes.register(session, node, self._clock(), limit)
        if not in_order:
            with not_launched(self._settings.engine_url) as api:
                self._take_over.succeed(api, node, died=True)

    def beat(self) -> None:
        """A sign of life."""
        self._pulse.beat()

    def look(self) -> None:
        """Take over what others have left, unless we have been away ourselves."""
        if self._pulse.steady:
            self._take_over.look(launched())

    @property
    def lost(self) -> bool:
        """Whether another process has become this node."""
        return self.several and self._pulse.lost

    def end(self) -> None:
        """Say that we end in order, and let the name go; without the database, peers notice."""
        if not self.lost:
            with suppress(DBAPIError), Session(self._database) as session, session.begin():
                nodes.note_stopped(session, self._settings.node)
        self._pulse.end()
