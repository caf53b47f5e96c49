"""Feed task: one deadline as something to be done, with how far it has come. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.feeds.events import NO_DEADLINE, Composer, FeedEvent
from scheduler.feeds.places import Place

# What settles an occurrence: delivered, exempt, or nothing to report.
SETTLED = ("done", "waived", "nothing")


@dataclass(frozen=True, slots=True)
class Decided:
    """How many decisions changed the outcome of an occurrence, and when the last one was."""

    times: int
    last: datetime


@dataclass(frozen=True, slots=True)
class FeedTask:
    """What the feed says of one task; equal tasks are equal bytes.

    `percent` is of the counties that share it. `completed_at` is set when all have settled it.
    """

    uid: str
    due: date
    summary: str
    description: str
    url: str
    categories: tuple[str, ...]
    withdrawn: bool
    percent: int
    completed_at: datetime | None
    sequence: int
    changed_at: datetime

    @property
    def status(self) -> str:
        if self.withdrawn:
            return "CANCELLED"
        if self.completed_at is not None:
            return "COMPLETED"
        return "IN-PROCESS" if self.percent else "NEEDS-ACTION"


def task_of(
    place: Place, event: FeedEvent, composer: Composer, decided: Mapping[str, Decided]
) -> FeedTask | None:
    """The task of a place, in the words of its event; None for what only informs, which nobody can do.

    `decided` is by occurrence key. An outcome taken back counts as a decision, so that neither
    the number nor the instant ever falls.
    """
    if composer.deliverables[place.row.deliverable].kind in NO_DEADLINE:
        return None
    settled = [row for row in place.rows if row.outcome in SETTLED]
    steps = [decided[row.key] for row in place.rows if row.key in decided]
    ends = [row.outcome_at for row in settled if row.outcome_at is not None]
    done = len(settled) == len(place.rows) and bool(ends)
    delivered = sum(row.outcome == "done" for row in place.rows)
    return FeedTask(
        uid=f"oppgave-{place.identity}@{composer.settings.uid_domain}",
        due=event.day,
        summary=event.summary,
        description=event.description,
        url=event.url,
        categories=event.categories,
        withdrawn=place.withdrawn,
        percent=100 if done else min(99, 100 * len(settled) // len(place.rows)),
        completed_at=max(ends) if done else None,
        sequence=event.sequence + delivered + sum(step.times for step in steps),
        changed_at=max([event.changed_at, *ends, *(step.last for step in steps)]),
    )
