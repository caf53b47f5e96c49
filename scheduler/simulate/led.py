"""Led: the service on a clock that is led by the hand, on which nothing goes on while nobody waits."""

import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import func, select

from scheduler.daemon import Service
from scheduler.engine.runtime import RuntimeParts
from scheduler.ledger.database import reading
from scheduler.ledger.tables import RunRow

LOOK_SECONDS = 0.01


class LedService(Service):
    """The service of one node whose runs go in turn, so that the same year is lived the same way."""

    def parts(self) -> RuntimeParts:
        return replace(super().parts(), in_turn=True)


def tick_and_wait(service: Service, look: Callable[[], None] = lambda: None) -> None:
    """One tick, and what came of it; `look` is called again and again meanwhile."""
    service.tick()
    # Until no run is under way, and the engine has written down that it has finished each; the bases are
    # not asked while this process is inside one, which costs more than the runs do.
    while service.engine.executing or _live_runs(service) or service.engine.work(()):
        look()
        time.sleep(LOOK_SECONDS)
    look()


def _live_runs(service: Service) -> int:
    query = select(func.count()).where(RunRow.state.in_(("requested", "running")))
    with reading(service.database) as session:
        return session.scalar(query) or 0
