"""Reminders: the single messages on the ladders, and the round that queues all that is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.workdays import Workdays
from scheduler.notify import digest, escalation, ladder, rung
from scheduler.notify.directory import LEVELS, Contact
from scheduler.notify.ladder import COORDINATOR, RESPONSIBLE, Decision, Step
from scheduler.notify.letter import message_id
from scheduler.notify.matters import Matter
from scheduler.notify.message import Message
from scheduler.notify.outbox import queue
from scheduler.notify.planned import Planned
from scheduler.notify.roles import role_name, scope_name
from scheduler.notify.situation import Situation, read_situation

DIGEST_ONLY = "ønsker bare mandagsoversikten"


def remind(session: Session, calendar: Calendar, now: datetime) -> int:
    """Queue everything that is due at `now` and not queued before; returns how many messages.

    Made for every tick: nothing goes outside working hours, and the same thing never twice.
    """
    if not ladder.is_open(now, Workdays({})):  # no place has more working days than these
        return 0
    planned = due(read_situation(session, calendar, now), now)
    queued = sum(queue(session, item.message) for item in planned if item.message)
    rising = [item for item in planned if item.key.startswith("endring/")]
    escalation.note(session, rising)
    return queued


def due(situation: Situation, at: datetime) -> list[Planned]:
    """Every reminder, digest and escalation as decided for `at`; no message stands in it twice."""
    found: dict[str, Planned] = {}
    notices = escalation.due(
        situation.unanswered, situation.calendar, situation.directory, situation.workdays, at
    )
    for number, planned in enumerate(
        (*notices, *digest.due(situation, at), *singles(situation, at))
    ):
        found.setdefault(planned.message.id if planned.message else str(number), planned)
    return [
        planned
        for planned in found.values()
        if not (planned.message and planned.message.id in situation.sent)
    ]


def singles(situation: Situation, at: datetime) -> Iterator[Planned]:
    """What the ladders say at `at`, matter by matter and level by level."""
    today = at.astimezone(OSLO).date()
    for matter in situation.matters:
        if not ladder.is_open(at, matter.workdays):
            continue
        rungs = matter.ladder(today)
        if not any(step.at <= at and step.offset >= ladder.SINGLES_FROM for step in rungs):
            continue
        for level in range(RESPONSIBLE, COORDINATOR + 1):
            told = ladder.for_level(rungs, level, tracked=matter.tracked)
            yield from _of_level(situation, matter, told, level, at)


def _of_level(
    situation: Situation, matter: Matter, told: Sequence[Step], level: int, at: datetime
) -> Iterator[Planned]:
    directory = situation.directory
    contacts = (
        directory.reached(matter.place)
        if level == RESPONSIBLE
        else directory.at(matter.place, level)
    )
    for contact in contacts:
        yield from _to_contact(situation, matter, told, level, contact, at)
    if not contacts and level == RESPONSIBLE:
        yield from _to_nobody(situation, matter, told, at)


def _to_contact(
    situation: Situation,
    matter: Matter,
    told: Sequence[Step],
    level: int,
    contact: Contact,
    at: datetime,
) -> Iterator[Planned]:
    ids = {step.name: message_id(rung.errand_id(matter, step), contact) for step in told}
    sent = {name for name, made in ids.items() if made in situation.sent}
    decision = ladder.due_now(told, at, sent, matter.silences, settled=matter.settled)
    if decision.step is None or decision.step.name in sent:
        return
    if decision.send and decision.step.offset <= 0 and not contact.singles:
        decision = Decision(decision.step, send=False, why=DIGEST_ONLY)
    made = None
    if decision.send:
        made = rung.message(situation.calendar, matter, told, decision, level, contact, at)
    yield _planned(matter, decision, contact, at, made)


def _to_nobody(
    situation: Situation, matter: Matter, told: Sequence[Step], at: datetime
) -> Iterator[Planned]:
    decision = ladder.due_now(told, at, (), matter.silences, settled=matter.settled)
    if decision.step and decision.send:
        scope, role = matter.place
        names = role_name(situation.calendar, role), scope_name(situation.calendar, scope)
        nobody = f"ingen kontakt for «{names[0]}» ({names[1]}), heller ikke {LEVELS[COORDINATOR]}"
        yield _planned(matter, Decision(decision.step, send=False, why=nobody), None, at, None)


def _planned(
    matter: Matter,
    decision: Decision,
    contact: Contact | None,
    at: datetime,
    made: Message | None,
) -> Planned:
    step = decision.step.name if decision.step else ""
    kind = made.kind if made else "reminder"
    return Planned(
        at, kind, matter.place, matter.name, decision.why, contact, matter.key, step, made
    )
