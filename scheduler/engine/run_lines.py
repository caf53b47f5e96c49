"""Run lines: what every line of the log says of the run it belongs to, and a line for its end."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jobs.api import Order
from scheduler.ledger.database import reading
from scheduler.ledger.history import version_at
from scheduler.ledger.run_ids import number_of
from scheduler.logs import about

log = logging.getLogger(__name__)


def told(database: Engine, order: Order, run: Callable[[Order], str]) -> str:
    """What `run` makes of an order, its lines and those of its steps known as the order's."""
    attempt = number_of(order.run_id)
    version = _version(database, order.now)
    with about(occurrence=order.key, attempt=attempt, calendar_version=version):
        state = run(order)
        log.info("%s ends: %s", order.run_id, state, extra={"action": "end"})
    return state


def _version(database: Engine, decided: datetime) -> int | None:
    """The calendar that the run was decided by; a log never stops a run, so it may be unknown."""
    with suppress(SQLAlchemyError), reading(database) as session:
        version = version_at(session, decided)
        return version.number if version else None
    return None
