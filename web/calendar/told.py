"""Told: who was told of a version, arranged by place and role, and who has acknowledged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.notify.escalation import overtaken, plan
from scheduler.notify.matters import WorkdaysIn, workdays_in
from scheduler.notify.tables import NoticeRow
from web.words.language import gettext as _
from web.words.language import ngettext


@dataclass(frozen=True, slots=True)
class Cell:
    """A notice, and the next level up with the day it is told if nobody answers.

    None goes further up when a later version has told the same anew: `overtaken`.
    """

    notice: NoticeRow
    next: tuple[int, date] | None
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Notices with roles across and places down; a role that was not told in a place is None."""

    roles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """How many of the counties that were told have acknowledged all they were told."""

    told: int
    answered: int


def answered(found: Answers) -> str:
    """12 av 15 fylker har kvittert, or that no county had to."""
    if not found.told:
        return _("Ingen fylker er varslet")
    return ngettext(
        "%(answered)s av %(num)s fylke har kvittert",
        "%(answered)s av %(num)s fylker har kvittert",
        found.told,
        answered=found.answered,
    )


def told_of(
    session: Session, calendar: Calendar, versions: Collection[int], county: str = ""
) -> dict[int, Told]:
    """The notices of each version as a table; with a county, its own and the national ones."""
    query = select(NoticeRow).where(NoticeRow.version.in_(versions))
    if county:
        query = query.where(NoticeRow.scope.in_((county, NATIONAL)))
    notices = session.scalars(query).all()
    workdays, passed = workdays_in(calendar), overtaken(session, notices)
    return {
        version: _table([n for n in notices if n.version == version], workdays, passed)
        for version in versions
    }


def _table(notices: Sequence[NoticeRow], workdays: WorkdaysIn, passed: Collection[str]) -> Told:
    cells = {
        (notice.scope, notice.role): _cell(notice, workdays, passed=notice.id in passed)
        for notice in notices
    }
    roles = tuple(sorted({role for _, role in cells}))
    scopes = sorted({scope for scope, _ in cells})
    return Told(roles, tuple((s, tuple(cells.get((s, role)) for role in roles)) for s in scopes))


def _cell(notice: NoticeRow, workdays: WorkdaysIn, *, passed: bool) -> Cell:
    if notice.acknowledged_at is not None or passed:
        return Cell(notice, None, overtaken=passed)
    first = notice.created_at.astimezone(OSLO).date()
    days = plan(notice.created_at, workdays(notice.scope, first))
    return Cell(notice, next((step for step in days.items() if step[0] > notice.level), None))


def answers(session: Session) -> dict[int, Answers]:
    """Version -> how many counties were told, and how many have answered for every role."""
    query = select(NoticeRow.version, NoticeRow.scope, NoticeRow.acknowledged_at)
    open_by: dict[int, dict[str, int]] = {}
    for number, scope, acknowledged_at in session.execute(query):
        if scope != NATIONAL:
            waiting = open_by.setdefault(number, {})
            waiting[scope] = waiting.get(scope, 0) + (acknowledged_at is None)
    return {
        number: Answers(len(waiting), sum(not left for left in waiting.values()))
        for number, waiting in open_by.items()
    }
