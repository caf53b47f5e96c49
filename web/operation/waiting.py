"""Waiting: what is said on the board and the health page to wait for a person."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.inbox import general
from scheduler.ledger.read import current_calendar
from scheduler.matters.matter import Matter


def matters(session: Session, now: datetime) -> list[Matter]:
    """What is about the service and no single deadline; all of it stands on `/drift`."""
    return general(session, current_calendar(session), now)
