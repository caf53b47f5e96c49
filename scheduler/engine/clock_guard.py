"""Clock guard: after a jump of the clock, nothing is sent until a person has looked at it.

Due dates are held against the clock, and a statistics file that went out a month early cannot be
called back. A clock that stands right after an outage has not jumped: only what this process has
lived through counts, and a clock that shows less than the ledger has already seen.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from scheduler.calendar.words import count
from scheduler.ledger import pausing
from scheduler.ledger.tables import NodeRow

log = logging.getLogger(__name__)

BACK = timedelta(seconds=2)  # what a time server may correct, or two machines differ by
FORWARD = timedelta(hours=1)
Uptime = Callable[[], float]
"""Seconds that pass however the clock is set."""


class ClockGuard:
    """Looks at a node's clock at each tick, and holds what is sent when it has jumped."""

    def __init__(self, database: Engine, node: str, uptime: Uptime) -> None:
        self._database, self._node, self._uptime = database, node, uptime
        self._last: tuple[datetime, float] | None = None

    def look(self, now: datetime) -> None:
        """Hold what is sent if the clock has jumped since the last look; may be repeated."""
        uptime = self._uptime()
        jump = now - self._expected(now, uptime)
        if jump < -BACK or jump > FORWARD:
            self._hold(now, jump)
        self._last = now, uptime

    def _expected(self, now: datetime, uptime: float) -> datetime:
        """What the clock should show; for a new process at least what the ledger has seen."""
        if self._last is not None:
            then, before = self._last
            return then + timedelta(seconds=uptime - before)
        with Session(self._database) as session:
            seen = session.scalar(select(func.max(NodeRow.ticked_at)))
        return max(now, seen) if seen else now

    def _hold(self, now: datetime, jump: timedelta) -> None:
        said = f"Klokka på {self._node} hoppet {_in_words(jump)}. Se at den går riktig"
        log.critical("the clock jumped by %s", jump, extra={"action": "clock-jump"})
        with Session(self._database) as session, session.begin():
            pausing.hold_sends(session, self._node, said, now)


def _in_words(jump: timedelta) -> str:
    way, size = ("fram", jump) if jump > timedelta() else ("tilbake", -jump)
    seconds = round(size.total_seconds())
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return f"{count(seconds, 'sekund', 'sekunder')} {way}"
    return f"{count(seconds // 60, 'minutt', 'minutter')} {way}"
