"""Telling: what the log lines of a run say that it is about."""

import logging
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jobs.api import Order
from scheduler.ledger.database import reading
from scheduler.ledger.history import version_at

log = logging.getLogger(__name__)


def matter(database: Engine, order: Order) -> dict[str, str | int | None]:
    """The occurrence, the attempt, and the calendar that the run was decided by."""
    said: dict[str, str | int | None] = {"occurrence": order.key}
    said["attempt"] = int(order.run_id.rpartition("#")[2])
    with suppress(SQLAlchemyError), reading(database) as session:
        version = version_at(session, order.now)
        said["calendar_version"] = version.number if version else None
    return said


def ended(order: Order, state: str) -> str:
    """Say how a run ended; gives the state."""
    log.info("%s ends: %s", order.run_id, state, extra={"action": "end"})
    return state
