"""Escalation: who is told when nobody acknowledges a notice, and when; seen beforehand on it.

After 3, 5 and 8 working days the deputy, the leader and the national coordinator are told. What a
later version has told anew goes no further.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import day_and_date
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.many import where_in
from scheduler.ledger.tables import ChangeRow, OccurrenceRow
from scheduler.notify.changes import Changed, entries, grouped, subject
from scheduler.notify.directory import LEVELS, Contact, Directory
from scheduler.notify.ladder import at_hour, is_open
from scheduler.notify.letter import Errand, Letter, Section, message
from scheduler.notify.matters import WorkdaysIn
from scheduler.notify.message import Message
from scheduler.notify.planned import Planned, why_you
from scheduler.notify.roles import Place, role_name, scope_name
from scheduler.notify.tables import NoticeRow
from scheduler.notify.wording import link, working_days

# Level -> working days without an acknowledgement before it is told.
AFTER: Mapping[int, int] = {2: 3, 3: 5, 4: 8}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A notice that nobody has acknowledged, with what it told."""

    id: str
    version: int
    place: Place
    token: str
    created_at: datetime
    level: int
    changes: Sequence[Changed]

    @property
    def thread(self) -> str:
        return self.id


def read_unanswered(session: Session) -> list[Unanswered]:
    """Every notice that still waits and may go further up, oldest first, none of them overtaken."""
    query = select(NoticeRow).where(
        NoticeRow.acknowledged_at.is_(None), NoticeRow.level < max(AFTER)
    )
    waiting = session.scalars(query.order_by(NoticeRow.created_at, NoticeRow.id)).all()
    passed = overtaken(session, waiting)
    rows = [row for row in waiting if row.id not in passed]
    of_version = _changes(session, {row.version for row in rows})
    outcomes = outcomes_of(session, {key for row in rows for key in row.keys})
    return [_unanswered(row, of_version[row.version], outcomes) for row in rows]


def overtaken(session: Session, notices: Collection[NoticeRow]) -> set[str]:
    """Ids of those whose every deadline a later version has told the same place of anew.

    Their dates hold no longer, and the later notice is the one to answer.
    """
    oldest = min((notice.version for notice in notices), default=0)
    query = select(NoticeRow.version, NoticeRow.scope, NoticeRow.role, NoticeRow.keys)
    later = session.execute(query.where(NoticeRow.version > oldest)).all() if notices else []
    told: dict[Place, list[tuple[int, list[str]]]] = defaultdict(list)
    for version, scope, role, keys in later:
        told[scope, role].append((version, keys))
    return {notice.id for notice in notices if _told_anew(notice, told[notice.scope, notice.role])}


def _told_anew(notice: NoticeRow, told: Iterable[tuple[int, list[str]]]) -> bool:
    return {key for version, keys in told if version > notice.version for key in keys} >= {
        *notice.keys
    }


def outcomes_of(session: Session, keys: set[str]) -> dict[str, str | None]:
    """Occurrence key -> how it was closed, or None."""
    query = select(OccurrenceRow.key, OccurrenceRow.outcome)
    return {row.key: row.outcome for row in where_in(session, query, OccurrenceRow.key, keys)}


def _changes(session: Session, versions: Collection[int]) -> dict[int, dict[str, ChangeRow]]:
    """Version -> occurrence key -> what it announced."""
    found: dict[int, dict[str, ChangeRow]] = {version: {} for version in versions}
    query = select(ChangeRow).where(ChangeRow.version.in_(versions), ChangeRow.announced)
    for row in session.scalars(query) if found else ():
        found[row.version][row.occurrence_key] = row
    return found


def _unanswered(
    row: NoticeRow, changes: Mapping[str, ChangeRow], outcomes: Mapping[str, str | None]
) -> Unanswered:
    told = [changes[key] for key in row.keys if key in changes]
    return Unanswered(
        row.id,
        row.version,
        (row.scope, row.role),
        row.token,
        row.created_at,
        row.level,
        grouped(told, outcomes),
    )


def plan(created_at: datetime, workdays: Workdays) -> dict[int, date]:
    """Level -> the day it is told, unless somebody has acknowledged by then."""
    first = created_at.astimezone(OSLO).date()
    return {level: workdays.add(first, days) for level, days in AFTER.items()}


def announced_plan(created_at: datetime, workdays: Workdays) -> str:
    """The plan as the notice itself says it."""
    days = plan(created_at, workdays).items()
    told = "; ".join(f"{LEVELS[level]} {day_and_date(day)}" for level, day in days)
    return f"Er varselet ikke kvittert, varsles videre kl. 08.00: {told}."


def due(
    notices: Sequence[Unanswered],
    calendar: Calendar,
    directory: Directory,
    workdays_in: WorkdaysIn,
    at: datetime,
) -> Iterator[Planned]:
    """What goes up at `at`; each level that was passed by is told, as they are different people."""
    today = at.astimezone(OSLO).date()
    for notice in notices:
        workdays = workdays_in(notice.place[0], today)
        if not is_open(at, workdays):
            continue
        for level, day in plan(notice.created_at, workdays).items():
            if level > notice.level and at >= at_hour(day):
                yield from _to_level(notice, calendar, directory, level, at)


def _to_level(
    notice: Unanswered, calendar: Calendar, directory: Directory, level: int, at: datetime
) -> Iterator[Planned]:
    contacts = directory.at(notice.place, level)
    about, why = subject(notice.changes), f"ikke kvittert etter {working_days(AFTER[level])}"
    step = str(level)
    for contact in contacts:
        told = _message(notice, calendar, level, contact, at)
        yield Planned(at, "escalation", notice.place, about, why, contact, notice.id, step, told)
    if not contacts:
        nobody = f"{why}, men ingen står som {LEVELS[level]}"
        yield Planned(at, "escalation", notice.place, about, nobody, None, notice.id, step)


def _message(
    notice: Unanswered, calendar: Calendar, level: int, contact: Contact, at: datetime
) -> Message:
    scope, role = notice.place
    names = role_name(calendar, role), scope_name(calendar, scope)
    about = subject(notice.changes)
    letter = Letter(
        subject=f"Ikke kvittert ({names[1]}): {about}",
        heading=about,
        paragraphs=(
            (
                f"«{names[0]}» ({names[1]}) fikk varselet {day_and_date(_day(notice.created_at))} og har "
                f"ikke kvittert etter {working_days(AFTER[level])}. Se til at noen der har sett "
                "endringen, og kvitter, eller kvitter på deres vegne."
            ),
        ),
        sections=(Section("", entries(calendar, notice.changes, _day(at))),),
        links=(
            ("Kvitter for at endringen er sett", link(f"/kvitter/{notice.token}")),
            ("Se hele endringen", link(f"/endringer/{notice.version}")),
        ),
        why=why_you(contact, notice.place, *names, level),
    )
    errand = Errand(
        f"{notice.id}/{level}", "escalation", notice.place, "notice.escalated", notice.thread
    )
    return message(errand, letter, contact, at, {"notice": notice.id, "version": notice.version})


def _day(instant: datetime) -> date:
    return instant.astimezone(OSLO).date()


def note(session: Session, planned: Sequence[Planned]) -> None:
    """Write how far up each notice has gone; one that is acknowledged meanwhile stays as it is."""
    for item in planned:
        rising = update(NoticeRow).where(
            NoticeRow.id == item.key,
            NoticeRow.level < int(item.step),
            NoticeRow.acknowledged_at.is_(None),
        )
        session.execute(rising.values(level=int(item.step)))
