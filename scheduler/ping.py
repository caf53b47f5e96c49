"""Ping: tell a dead man's switch elsewhere that the tick went well; its silence is the alarm.

Beside the tick and not in it: a switch that is slow or gone never holds up a deadline.
"""

import logging
from dataclasses import dataclass, field
from threading import Event

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

log = logging.getLogger(__name__)

SECONDS = 5.0
REFUSED = 300  # a redirection is not followed: nobody has been told


@dataclass
class Pinger:
    """Calls `url` once for the ticks since the last call; `fault` is why that did not work."""

    url: str
    fault: str = ""
    _ticked: Event = field(default_factory=Event)
    _pool: PoolManager = field(default_factory=PoolManager)

    def note_tick(self) -> None:
        """A tick went well."""
        self._ticked.set()

    def ping_if_ticked(self) -> None:
        """Call, if a tick went well since the last time; a fault is logged when it is new."""
        if not self._ticked.is_set():
            return
        self._ticked.clear()
        fault = self._call()
        if fault and fault != self.fault:
            log.warning("the dead man's switch was not told: %s", fault, extra={"action": "ping"})
        self.fault = fault

    def _call(self) -> str:
        """Why the call did not work, without the address, which may be a secret; "" if it did."""
        try:
            answer = self._pool.request(
                "GET", self.url, timeout=SECONDS, retries=False, redirect=False
            )
        except HTTPError as error:
            return type(error).__name__
        return f"answer {answer.status}" if answer.status >= REFUSED else ""
