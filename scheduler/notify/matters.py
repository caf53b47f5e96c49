"""Matters: the deadlines that somebody is reminded of, each in the place that must deliver it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, Deliverable, SchoolYear
from scheduler.calendar.expansion import workdays_of
from scheduler.calendar.kinds import Reminders
from scheduler.calendar.occurrence import NATIONAL, OSLO, Occurrence
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.placing import occurrence_of
from scheduler.ledger.state import outcome_word
from scheduler.ledger.tables import OccurrenceRow
from scheduler.ledger.views import called
from scheduler.notify.ladder import RESPONSIBLE, Silence, Step, for_level, silenced, steps
from scheduler.notify.roles import Place, deliverers, reminders_of
from scheduler.notify.tables import SilenceRow

# Thirty working days and the longest holiday between them; and how long back an outcome is news.
HORIZON = timedelta(days=60)
RECENT = timedelta(days=7)

Silences = dict[tuple[str, str], list[Silence]]
"""(occurrence key, role) -> what has been said, newest last."""
WorkdaysIn = Callable[[str, date], Workdays]


@dataclass(frozen=True, slots=True)
class Matter:
    """One occurrence as one role in one place sees it; `settled` is the outcome's word, or ""."""

    occurrence: Occurrence
    deliverable: Deliverable
    place: Place
    workdays: Workdays
    settled: str
    silences: Sequence[Silence]

    @property
    def key(self) -> str:
        return self.occurrence.key

    @property
    def due(self) -> date:
        return self.occurrence.due

    @property
    def name(self) -> str:
        return called(self.deliverable.name, self.occurrence)

    @property
    def tracked(self) -> bool:
        return self.deliverable.followed

    @property
    def short(self) -> bool:
        return reminders_of(self.deliverable) is Reminders.SHORT

    @property
    def grace_until(self) -> date | None:
        return self.deliverable.grace_until(self.due)

    @property
    def late_after(self) -> date:
        """The last day on which it is not late: its deadline, or the end of its grace."""
        return self.grace_until or self.due

    @property
    def thread(self) -> str:
        """What its messages are gathered under."""
        return f"{self.key}/{'/'.join(self.place)}"

    def ladder(self, today: date) -> list[Step]:
        return steps(self.due, self.workdays, today, short=self.short, grace_until=self.grace_until)

    def silenced(self, step: str, today: date) -> bool:
        """Whether somebody has silenced a step of the responsible, by its name."""
        rungs = for_level(self.ladder(today), RESPONSIBLE, tracked=self.tracked)
        named = next((rung for rung in rungs if rung.name == step), None)
        return bool(named and silenced(rungs, named, self.silences, today))


def read_matters(session: Session, calendar: Calendar, now: datetime) -> list[Matter]:
    """What is open and near or late, and what was settled of it, by due date."""
    silences, workdays = _silences(session), workdays_in(calendar)
    rows = session.execute(_query(calendar, now.astimezone(OSLO).date())).all()
    return [matter for row in rows for matter in _matters(calendar, row, silences, workdays)]


def matters_of(session: Session, calendar: Calendar, key: str) -> list[Matter]:
    """One occurrence as each role that delivers it sees it; empty where nobody is reminded."""
    row = session.get(OccurrenceRow, key)
    if row is None or row.deliverable not in _reminded(calendar):
        return []
    return list(_matters(calendar, row, _silences(session, key), workdays_in(calendar)))


def workdays_in(calendar: Calendar) -> WorkdaysIn:
    """The working days of a scope around a day, looked up once each."""

    @cache
    def of_year(scope: str, cycle: str) -> Workdays:
        return workdays_of(calendar, cycle, None if scope == NATIONAL else scope)

    return lambda scope, day: of_year(scope, str(SchoolYear.of(day)))


def _reminded(calendar: Calendar) -> dict[str, Deliverable]:
    rows = calendar.deliverables.items()
    return {key: row for key, row in rows if reminders_of(row) is not Reminders.NONE}


_COLUMNS = [
    column
    for column in OccurrenceRow.__table__.columns
    if column.key not in ("trace", "fingerprint")
]


def _query(calendar: Calendar, today: date) -> Select[*tuple[Any, ...]]:
    rows = _reminded(calendar)
    tracked = [key for key, row in rows.items() if row.followed]
    return (
        select(*_COLUMNS)
        .where(
            OccurrenceRow.deliverable.in_(rows),
            OccurrenceRow.outcome.is_distinct_from("withdrawn"),
            OccurrenceRow.due <= today + HORIZON,
            or_(
                OccurrenceRow.due >= today - RECENT,
                OccurrenceRow.deliverable.in_(tracked) & OccurrenceRow.outcome.is_(None),
            ),
        )
        .order_by(OccurrenceRow.due, OccurrenceRow.key)
    )


def _matters(
    calendar: Calendar,
    row: OccurrenceRow | Row[*tuple[Any, ...]],
    silences: Silences,
    workdays: WorkdaysIn,
) -> Iterator[Matter]:
    deliverable = calendar.deliverables[row.deliverable]
    for place in deliverers(calendar, deliverable, row.scope):
        yield Matter(
            occurrence_of(row),
            deliverable,
            place,
            workdays(place[0], row.due),
            outcome_word(row.outcome),
            silences.get((row.key, place[1]), ()),
        )


def _silences(session: Session, key: str | None = None) -> Silences:
    query = select(SilenceRow).order_by(SilenceRow.id)
    found: Silences = defaultdict(list)
    for row in session.scalars(query.where(SilenceRow.occurrence_key == key) if key else query):
        silence = Silence(row.kind, row.at, row.actor, row.until)
        found[row.occurrence_key, row.role].append(silence)
    return found
