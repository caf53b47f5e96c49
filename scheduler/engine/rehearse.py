"""Rehearse: try each yearly delivery and transfer 30, 10 and 3 working days ahead, with nothing sent.

What is tried is decided by a pure function; like a start, it is a row under a unique key first and
the engine's work second, so two nodes or a crash between them still make one rehearsal.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import REHEARSAL
from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.rules import OnDays
from scheduler.calendar.workdays import Workdays
from scheduler.engine.decide import START_OF_WORK
from scheduler.engine.durable import DurableEngine
from scheduler.engine.word import by_word
from scheduler.ledger import rehearsals
from scheduler.ledger.database import reading
from scheduler.ledger.pausing import covering, holding
from scheduler.ledger.rehearsals import Rehearsal
from scheduler.ledger.tables import OccurrenceRow

log = logging.getLogger(__name__)

MARKS = (30, 10, 3)  # working days before the deadline
# More than thirty working days, with the longest holiday among them.
AHEAD = timedelta(days=70)


def next_try(now: datetime, due: date, made: Sequence[Rehearsal]) -> tuple[int, int] | None:
    """Which mark is to be rehearsed now, and the number of the try; None when none is.

    1. The newest mark that has come, from the morning of its day to the day before the deadline.
       Marks that passed while the service was down are let go.
    2. Once; and again on each later day until it passes.
    """
    local = now.astimezone(OSLO)
    if local.date() >= due or local.time() < START_OF_WORK:
        return None
    come = [mark for mark in MARKS if Workdays({}).add(due, -mark) <= local.date()]
    if not come:
        return None
    tries = [each for each in made if each.mark == min(come)]
    last = max(tries, key=lambda each: each.attempt, default=None)
    if last is None:
        return min(come), 1
    ended = last.finished_at and last.finished_at.astimezone(OSLO).date()
    again = last.state == "failed" and ended is not None and ended < local.date()
    return (last.mark, last.attempt + 1) if again else None


def is_rehearsed(deliverable: Deliverable) -> bool:
    """Whether the row is one that rots: its job can be rehearsed, and runs on a few named days a year."""
    job = JOBS.get(deliverable.job or "")
    seldom = not deliverable.recurring or isinstance(deliverable.due, OnDays)
    return bool(job and job.rehearsal) and seldom


def rehearse(
    database: Engine, engine: DurableEngine, calendar: Calendar, cycle: str, now: datetime
) -> list[str]:
    """Order and hand over what is to be rehearsed; returns the ids that this call ordered."""
    ordered = [
        made
        for key, mark, attempt in _wanted(database, calendar, cycle, now)
        if (made := _request(database, calendar, key, mark, attempt, now))
    ]
    _submit_requested(database, engine)
    return ordered


def _wanted(
    database: Engine, calendar: Calendar, cycle: str, now: datetime
) -> list[tuple[str, int, int]]:
    """The occurrences to rehearse: open, of a rehearsed row, and not on pause."""
    rows = [row.id for row in calendar.deliverables.values() if is_rehearsed(row)]
    query = select(OccurrenceRow.key, OccurrenceRow.due).where(
        OccurrenceRow.cycle == cycle,
        OccurrenceRow.deliverable.in_(rows),
        OccurrenceRow.outcome.is_(None),
        OccurrenceRow.due.between(now.date(), now.date() + AHEAD),
    )
    if now.astimezone(OSLO).time() < START_OF_WORK:
        return []
    with reading(database) as session:
        dues = dict(session.execute(query.order_by(OccurrenceRow.due, OccurrenceRow.key)).all())
        pauses, tries = holding(session, now), rehearsals.of_occurrences(session, list(dues))
    found = []
    for key, due in dues.items():
        deliverable, _cycle, _stage, scope = key.split("/")
        wanted = next_try(now, due, tries[key])
        if wanted and not covering(pauses, deliverable, scope, calendar):
            found.append((key, *wanted))
    return found


def _request(
    database: Engine, calendar: Calendar, key: str, mark: int, attempt: int, now: datetime
) -> str | None:
    """Write the rehearsal; None when another node was first."""
    try:
        with Session(database) as session, session.begin():
            row = session.get_one(OccurrenceRow, key)
            job = str(calendar.deliverables[row.deliverable].job)
            said = by_word(session, job, row.cycle, row.scope)
            tried = f"{job}{REHEARSAL}"
            made = rehearsals.request(session, row, mark, attempt, tried, now, said).id
    except IntegrityError:
        return None
    told = {"action": "rehearse", "occurrence": key, "attempt": attempt}
    log.info("%s is rehearsed", made, extra=told)
    return made


def _submit_requested(database: Engine, engine: DurableEngine) -> None:
    """Hand over every rehearsal that was ordered, also one a crash left behind."""
    with reading(database) as session:
        orders = rehearsals.requested_orders(session)
    for order in orders:
        engine.submit(order)
        with Session(database) as session, session.begin():
            rehearsals.mark_running(session, order["run_id"])
