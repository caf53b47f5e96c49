"""Missed: a deadline that went by before its job had begun is a fact, written down once.

What then becomes of the job is the row's `catch_up`; that it happened is never left to be inferred.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs.api import StartsOn
from scheduler.calendar.kinds import CatchUp
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.silence import waits
from scheduler.calendar.words import long_date
from scheduler.engine.decide import Candidate, Start
from scheduler.ledger.deadline import deadline
from scheduler.ledger.itself import SERVICE
from scheduler.ledger.runs import decide
from scheduler.ledger.tables import DecisionRow, OccurrenceRow

log = logging.getLogger(__name__)

MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Missed:
    """An occurrence whose deadline went by, and what is to be said of it."""

    key: str
    due: date
    sentence: str


def missed(now: datetime, candidates: Iterable[Candidate], starts: Iterable[Start]) -> list[Missed]:
    """The deadlines that have gone by without a run, and are not written down yet. Pure.

    What starts when a file arrives is not among them: that is the sender's deadline, not a job's. Nor is
    anything while a clock that may be wrong holds what is sent: the log takes nothing back.
    """
    starting = {start.key for start in starts}
    return [
        Missed(each.key, each.due, _sentence(now, each, starts_now=each.key in starting))
        for each in candidates
        if each.starts_on is StartsOn.DUE
        and each.outcome is None
        and each.last_run is None
        and not each.told_missed
        and not any(pause.sends_only and pause.holds(now) for pause in each.pauses)
        and now > deadline(each.due, each.clock_time)
    ]


def _sentence(now: datetime, candidate: Candidate, *, starts_now: bool) -> str:
    gone = f"Fristen {long_date(candidate.due)} gikk ut uten at jobben var begynt"
    return f"{gone}{_cause(now, candidate)}. {_rest(now, candidate, starts_now=starts_now)}"


def _cause(now: datetime, candidate: Candidate) -> str:
    if not candidate.approved:
        return ": skoleåret er ikke godkjent"
    if any(pause.holds(now) for pause in candidate.pauses):
        return ": den er på pause"
    if candidate.quiet_until is not None:
        return f": den {waits(candidate.quiet_until, now)}"
    if any(predecessor.met_at is None for predecessor in candidate.predecessors):
        return ": den venter på det som skal være ferdig først"
    return ""


def _rest(now: datetime, candidate: Candidate, *, starts_now: bool) -> str:
    if starts_now:
        return "Den starter nå."
    if candidate.latest is None:
        return "Den starter når ingenting holder den."
    if now.astimezone(OSLO).date() <= candidate.latest:
        return f"Den starter av seg selv til og med {long_date(candidate.latest)}."
    if candidate.catch_up is CatchUp.ASK:
        return "Den venter på et menneske."
    return "Den starter ikke lenger av seg selv."


def note(database: Engine, found: Iterable[Missed], now: datetime) -> None:
    """Write each down in the decision log, once for each deadline, whichever node sees it first."""
    for each in found:
        with Session(database) as session, session.begin():
            session.get_one(OccurrenceRow, each.key, with_for_update=True)
            if (each.key, each.due) not in told(session, each.key):
                detail = {"due": each.due.isoformat()}
                decide(session, SERVICE, MISSED, each.key, each.sentence, now, detail)
                said = {"action": MISSED, "occurrence": each.key}
                log.warning("%s: %s", each.key, each.sentence, extra=said)


def told(session: Session, key: str | None = None) -> set[tuple[str | None, date]]:
    """The deadlines that are written down as missed, of one occurrence or of all."""
    query = select(DecisionRow.occurrence_key, DecisionRow.detail)
    query = query.where(DecisionRow.action == MISSED)
    if key is not None:
        query = query.where(DecisionRow.occurrence_key == key)
    return {(of, date.fromisoformat(detail["due"])) for of, detail in session.execute(query)}
