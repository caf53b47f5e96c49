"""Idle: tick, and let the engine finish what the tick started before the clock is led on."""

import time
from collections.abc import Callable

from sqlalchemy import func, select

from scheduler.daemon import Service
from scheduler.ledger.database import reading
from scheduler.ledger.tables import RunRow

LOOK_SECONDS = 0.01


def tick_and_wait(service: Service, look: Callable[[], None] = lambda: None) -> None:
    """One tick, and what came of it; `look` is called again and again meanwhile."""
    service.tick()
    # Until no run is under way, and the engine has written down that it has finished each.
    while _live_runs(service) or service.engine.work(()):
        look()
        time.sleep(LOOK_SECONDS)
    look()


def _live_runs(service: Service) -> int:
    query = select(func.count()).where(RunRow.state.in_(("requested", "running")))
    with reading(service.database) as session:
        return session.scalar(query) or 0
