"""Terms: on which terms a run is carried out: in which queue, how often it tries, how long it may go on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import Calendar
from scheduler.calendar.policy import Policy
from scheduler.ledger.database import reading
from scheduler.ledger.draft import calendar_in_use

IMPORTS = "runs"  # what the queue was called before deliveries had their own


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of the engine; `at_once` is how many of it run, on all nodes together, None for each its own."""

    name: str = IMPORTS
    at_once: int | None = None


# Rehearsals stand apart: what really goes out at the same hour waits for none of them.
REHEARSALS = Queue("rehearsals", 1)
# Where runs stand that may be what kills nodes; never two of them go at the same time.
SUSPECTS = Queue("suspects", 1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What calendar.yaml says of how a run is carried out; the standard where it says nothing."""

    policy: Policy = field(default_factory=Policy)
    queue: Queue = field(default_factory=Queue)

    @property
    def seconds(self) -> float:
        """How long a run may go on, from when it leaves its queue."""
        return self.policy.minutes * 60


TermsOf = Callable[[str], Terms]
"""The terms of a deliverable, by its id."""


def terms_of(calendar: Calendar, deliverable: str) -> Terms:
    """The terms of a row; what is delivered stands in a queue of its receiver, and waits for no import."""
    row = calendar.deliverables.get(deliverable)
    if row is None:
        return Terms()
    job = JOBS.get(row.job or "")
    if job is None or job.starts_on is not StartsOn.DUE or row.receiver is None:
        return Terms(row.policy)
    at_once = calendar.parties[row.receiver].at_once
    return Terms(row.policy, Queue(f"to-{row.receiver}", at_once))


def terms_in_use(database: Engine) -> TermsOf:
    """The terms by the calendar in use; the standard ones while nobody can read it."""

    def look(deliverable: str) -> Terms:
        try:
            with reading(database) as session:
                calendar = calendar_in_use(session)
        except SQLAlchemyError:
            calendar = None
        return terms_of(calendar, deliverable) if calendar else Terms()

    return look
