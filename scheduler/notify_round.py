"""Notify round: decide reminders, warn of unapproved years, send what waits; beside the tick.

Nothing here may hold up a deadline, and no part may stop the others: what fails is logged, shown on
the health page, and tried again in the next round.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from scheduler.calendar.words import count
from scheduler.ledger.database import reading
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import NodeRow
from scheduler.notify import claims
from scheduler.notify.channels import NO_MAIL, open_channels
from scheduler.notify.outbox import send_waiting
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow
from scheduler.notify.warnings import warn
from scheduler.publishing import rollover
from scheduler.settings import Settings

log = logging.getLogger(__name__)

AGAIN = (
    "Meldinger er ikke tatt imot ennå og prøves på nytt. "
    "`aarshjul messages list --state planned` viser hvilke."
)


def notify(database: Engine, settings: Settings, clock: Callable[[], datetime]) -> int:
    """One round; returns how many messages went out. What is wrong stands on the node's row."""
    sent, faults = 0, []

    def send() -> None:
        nonlocal sent
        sent = send_waiting(database, settings, clock, settings.node)

    parts = {
        "Påminnelser kunne ikke avgjøres": lambda: _decide(database, clock()),
        "Avbrutte meldinger kunne ikke gjøres opp": lambda: _recover(database, settings, clock()),
        "Meldinger kunne ikke sendes": send,
    }
    for words, part in parts.items():
        try:
            part()
        except Exception as error:  # the health page tells, and the next round tries again
            log.exception("%s", words, extra={"action": "notify"})
            faults.append(f"{words} ({type(error).__name__}). Se loggen.")
    _note(database, settings, faults, clock())
    return sent


def _decide(database: Engine, now: datetime) -> None:
    with Session(database) as session, session.begin():
        calendar = current_calendar(session)
        if calendar is not None:
            remind(session, calendar, now)
            warn(session, rollover.warnings(session, calendar, now), now)


def _recover(database: Engine, settings: Settings, now: datetime) -> None:
    with Session(database) as session, session.begin():
        claims.recover(session, settings.node, now)


def _note(database: Engine, settings: Settings, faults: list[str], now: datetime) -> None:
    with reading(database) as session:
        said = "\n".join([*faults, *_unsendable(session, settings, now)])
    mine = update(NodeRow).where(NodeRow.name == settings.node)
    with Session(database) as session, session.begin():
        session.execute(mine.values(notify_fault=said, notified_at=now))


def _unsendable(session: Session, settings: Settings, now: datetime) -> Iterator[str]:
    """What waits though its time has come: for a setting, or for a receiver that did not take it."""
    waits = select(func.count()).where(MessageRow.state == "planned")
    mail = session.scalar(waits.where(MessageRow.channel == "email", MessageRow.next_try_at <= now))
    if mail and "email" not in open_channels(settings):
        yield f"{NO_MAIL} Venter: {count(mail, 'melding', 'meldinger')}."
    again = session.scalar(waits.where(MessageRow.attempts > 0))
    if again:
        yield f"{AGAIN} Gjelder: {count(again, 'melding', 'meldinger')}."
