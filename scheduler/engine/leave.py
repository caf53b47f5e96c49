"""Leave: what a person says yes to beside a run itself, and what a run may not go past without."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.silence import quiet_until, waits
from scheduler.ledger import pausing
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import OccurrenceRow


@dataclass(frozen=True, slots=True)
class Leave:
    """What a person says yes to beside the run itself; each yes counts for this run alone.

    `approved` is the SHA-256 of what is held back, as the person saw it. `forced` starts it though
    something must be finished first, and tells the job so, whose own control of errors still
    stands; `over_pause` though it is on hold, `over_quiet` though its receiver has quiet hours.
    """

    approved: str = ""
    forced: bool = False
    over_pause: bool = False
    over_quiet: bool = False


NOTHING_MORE = Leave()


@dataclass(frozen=True, slots=True)
class Past:
    """What a person let a run go past: pauses by number, and when the quiet hours end."""

    pauses: tuple[int, ...] = ()
    quiet: str = ""

    def __bool__(self) -> bool:
        return bool(self.pauses or self.quiet)

    def as_json(self) -> dict[str, object]:
        return {"pauses": list(self.pauses), "quiet": self.quiet}


def let_past(
    session: Session, calendar: Calendar, row: OccurrenceRow, now: datetime, leave: Leave
) -> Past:
    """What holds the occurrence now; raises LedgerError unless the person goes past all of it."""
    holding = pausing.covering(pausing.holding(session, now), row.deliverable, row.scope, calendar)
    if holding and not leave.over_pause:
        raise LedgerError(
            f"«{row.key}» er {holding[-1].in_words}. "
            "Avslutt pausen, eller si uttrykkelig at den skal brytes (--over-pause)."
        )
    until = quiet_until(calendar, calendar.deliverables.get(row.deliverable), now)
    if until is not None and not leave.over_quiet:
        raise LedgerError(
            f"«{row.key}» {waits(until, now)}: mottakeren har stille tid. "
            "Vent, eller si uttrykkelig at den skal brytes (--over-quiet)."
        )
    return Past(tuple(p.number for p in holding), until.isoformat() if until else "")
