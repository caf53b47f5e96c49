"""History: what readers saw of the calendar at any instant, from the changes that were written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger.tables import CalendarVersion, ChangeRow, OccurrenceRow

_DAYS = ("nominal", "due", "reference_date", "opens")
_PLAIN = ("clock_time", "date_status", "trace", "sequence")
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Published:
    """A version with how many changes it announced; a year's first plan announces none."""

    number: int
    at: datetime
    by: str
    why: str
    sha256: str
    changes: int


def snapshot(row: OccurrenceRow, name: str) -> dict[str, Any]:
    """What a reader sees of a row, as plain JSON values; `name` is what the row is called.

    A withdrawn row keeps its dates and is `withdrawn`, as its cancelled event in the feeds does.
    """
    days = {field: getattr(row, field) for field in _DAYS}
    return {
        "name": name,
        **{field: day and day.isoformat() for field, day in days.items()},
        **{field: getattr(row, field) for field in _PLAIN},
        "changed_at": row.changed_at.astimezone(UTC).isoformat(),
        "withdrawn": row.outcome == WITHDRAWN,
    }


@dataclass(frozen=True, slots=True)
class Left:
    """What the proof compares of a row as it was seen: its dates, and whether it was withdrawn."""

    nominal: date
    due: date
    reference_date: date | None
    opens: date | None
    clock_time: str
    date_status: str
    outcome: str | None


def left(seen: dict[str, Any]) -> Left:
    """The same of a snapshot, which is far less work than the whole row."""
    nominal, due, reference_date, opens = (
        seen[field] and date.fromisoformat(seen[field]) for field in _DAYS
    )
    outcome = WITHDRAWN if seen["withdrawn"] else None
    return Left(
        nominal, due, reference_date, opens, seen["clock_time"], seen["date_status"], outcome
    )


def restored(key: str, seen: dict[str, Any]) -> OccurrenceRow:
    """A row as it was seen, in no session; of outcomes, readers see only a withdrawal."""
    deliverable, cycle, stage, scope = key.split("/")
    changed_at = datetime.fromisoformat(seen["changed_at"])
    return OccurrenceRow(
        key=key,
        deliverable=deliverable,
        cycle=cycle,
        stage=stage,
        scope=scope,
        **{field: seen[field] and date.fromisoformat(seen[field]) for field in _DAYS},
        **{field: seen[field] for field in _PLAIN},
        fingerprint="",
        changed_at=changed_at,
        outcome=WITHDRAWN if seen["withdrawn"] else None,
        outcome_at=changed_at if seen["withdrawn"] else None,
    )


def changes_of(session: Session, version: int) -> list[ChangeRow]:
    """What a version announced, in the order of the keys; not the first plan of a year."""
    query = select(ChangeRow).where(ChangeRow.version == version, ChangeRow.announced)
    return list(session.scalars(query.order_by(ChangeRow.occurrence_key)))


def changes_to(session: Session, deliverable: str) -> list[ChangeRow]:
    """Every announced change of a deliverable, newest first."""
    query = (
        select(ChangeRow)
        .join(OccurrenceRow, OccurrenceRow.key == ChangeRow.occurrence_key)
        .where(ChangeRow.announced, OccurrenceRow.deliverable == deliverable)
    )
    return list(session.scalars(query.order_by(ChangeRow.id.desc())))


def versions_changing(session: Session, deliverable: str) -> set[int]:
    """The numbers of the versions that changed a deliverable for those who had seen it."""
    query = (
        select(ChangeRow.version)
        .join(OccurrenceRow, OccurrenceRow.key == ChangeRow.occurrence_key)
        .where(ChangeRow.announced, OccurrenceRow.deliverable == deliverable)
    )
    return set(session.scalars(query.distinct()))


def versions(session: Session) -> list[Published]:
    """Every published version, newest first."""
    announced = (
        select(ChangeRow.version, func.count().label("changes"))
        .where(ChangeRow.announced)
        .group_by(ChangeRow.version)
        .subquery()
    )
    query = (
        select(CalendarVersion, func.coalesce(announced.c.changes, 0))
        .outerjoin(announced, announced.c.version == CalendarVersion.number)
        .order_by(CalendarVersion.number.desc())
    )
    return [
        Published(row.number, row.in_use_since, row.published_by, row.why, row.sha256, changes)
        for row, changes in session.execute(query)
    ]


def newest_version(session: Session) -> CalendarVersion | None:
    """The version in use, or None before the first plan."""
    return session.scalar(select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(1))


def version_at(session: Session, instant: datetime) -> CalendarVersion | None:
    """The version that was in use at an instant, or None before the first."""
    query = select(CalendarVersion).where(CalendarVersion.in_use_since <= instant)
    return session.scalar(query.order_by(CalendarVersion.number.desc()).limit(1))


def as_of(
    session: Session, instant: datetime, county: str | None = None, cycle: str | None = None
) -> list[OccurrenceRow]:
    """The rows as a reader saw them at `instant`, by key; a county's own with the national ones.

    The rows are in no session. The words around them are those of `version_at`.
    """
    asked: list[ColumnElement[bool]] = []
    if county is not None:
        asked.append(OccurrenceRow.scope.in_((county, NATIONAL)))
    if cycle is not None:
        asked.append(OccurrenceRow.cycle == cycle)
    newest = select(func.max(ChangeRow.id)).where(ChangeRow.at <= instant)
    if asked:
        within = select(OccurrenceRow.key).where(*asked)
        newest = newest.where(ChangeRow.occurrence_key.in_(within))
    query = select(ChangeRow.occurrence_key, ChangeRow.after).where(
        ChangeRow.id.in_(newest.group_by(ChangeRow.occurrence_key))
    )
    seen = session.execute(query.order_by(ChangeRow.occurrence_key)).all()
    return [restored(key, after) for key, after in seen if after]
