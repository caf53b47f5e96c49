"""Impact: whom and what a calendar would touch if it were published now."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.diff import Change, ChangeKind
from scheduler.calendar.kinds import Activity, Kind, Reminders
from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.slack import Slack, tightest
from scheduler.calendar.words import count
from scheduler.ledger.draft import Draft, draft, planned_cycles
from scheduler.ledger.history import newest_version
from scheduler.notify.roles import Place, reminders_of, touched

HEADLINES = {
    ChangeKind.MOVED: ("frist flyttes", "frister flyttes"),
    ChangeKind.ADDED: ("frist kommer til", "frister kommer til"),
    ChangeKind.WITHDRAWN: ("frist trekkes tilbake", "frister trekkes tilbake"),
    ChangeKind.REINSTATED: ("frist gjeninnføres", "frister gjeninnføres"),
    ChangeKind.REWORDED: ("frist får ny tekst", "frister får ny tekst"),
}


@dataclass(frozen=True, slots=True)
class Impact:
    """What publishing would change, all of it as keys of occurrences or (county|national, role).

    `over` is the version it was compared with. `told` are the changes readers hear of, `changes`
    also the first dates of a year. `reminders` get other days, `runs` another start, `feed_items`
    another SEQUENCE. `slack_before` and `slack_after` are the tightest links of the year.
    """

    over: int | None
    changes: tuple[Change, ...]
    told: tuple[Change, ...]
    counties: tuple[str, ...]
    notices: frozenset[Place]
    reminders: tuple[str, ...]
    runs: tuple[str, ...]
    slack_before: Slack | None
    slack_after: Slack | None

    @property
    def feed_items(self) -> tuple[str, ...]:
        """A key is an event, and an event changes exactly when readers see a change."""
        return tuple(change.key for change in self.changes)

    @property
    def headline(self) -> str:
        """1 frist flyttes, 15 fylker berøres; "ingen frister endres" when readers see none."""
        deadlines = {(c.kind, c.deliverable, c.cycle, c.stage) for c in self.told}
        counted = Counter(kind for kind, *_ in deadlines)
        parts = [count(counted[kind], *HEADLINES[kind]) for kind in HEADLINES if counted[kind]]
        places = count(len(self.counties), "fylke berøres", "fylker berøres", neuter=True)
        return ", ".join([*parts, places]) if parts else "ingen frister endres"


def blast_radius(session: Session, calendar: Calendar, now: datetime) -> Impact:
    """What publishing `calendar` now would change; nothing is written."""
    drafted, newest = draft(session, calendar, now), newest_version(session)
    notices = frozenset(place for change in drafted.told for place in reach(drafted, change))
    cycle = planned_cycles(now)[0]
    return Impact(
        over=newest.number if newest else None,
        changes=drafted.changes,
        told=drafted.told,
        counties=tuple(sorted({scope for scope, _ in notices if scope != NATIONAL})),
        notices=notices,
        reminders=tuple(c.key for c in drafted.changes if _reminds_anew(drafted, c)),
        runs=tuple(c.key for c in drafted.changes if _starts_anew(drafted, c)),
        slack_before=tightest(drafted.old.calendar, cycle),
        slack_after=tightest(calendar, cycle),
    )


def reach(drafted: Draft, change: Change) -> Iterator[Place]:
    """Everybody a change concerns, by the words before it and after it."""
    for reader in (drafted.old, drafted.new):
        row = reader.calendar.deliverables.get(change.deliverable)
        if row:
            yield from touched(reader.calendar, row, change.scope)


def _open_row(drafted: Draft, change: Change) -> Deliverable | None:
    """The row of an occurrence that somebody still has to do something about."""
    known = drafted.rows.get(change.key)
    if known is not None and known.outcome not in (None, "withdrawn"):
        return None
    reader = drafted.new if change.after else drafted.old
    row = reader.calendar.deliverables.get(change.deliverable)
    return row if row and row.activity is Activity.YES else None


def _reminds_anew(drafted: Draft, change: Change) -> bool:
    row = _open_row(drafted, change)
    reminded = row is not None and reminders_of(row) is not Reminders.NONE
    return reminded and change.kind is not ChangeKind.REWORDED and _differs(change, "due")


def _starts_anew(drafted: Draft, change: Change) -> bool:
    """An import may start from the day it opens, what is delivered starts on its due date."""
    row = _open_row(drafted, change)
    if row is None or not row.job:
        return False
    return _differs(change, "opens" if row.kind is Kind.IMPORT else "due")


def _differs(change: Change, name: str) -> bool:
    if change.before is None or change.after is None or change.kind is ChangeKind.REINSTATED:
        return True
    return bool(getattr(change.before, name) != getattr(change.after, name))
