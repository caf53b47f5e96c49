"""Month: the deadlines of a month day by day, with today and the days that nobody works."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, Response, abort, make_response, redirect, render_template

from jobs.register.deliveries import held_runs
from scheduler.calendar import SchoolYear, Workdays, workdays_of
from scheduler.calendar.workdays import WEEKEND, public_holidays
from scheduler.ledger import read
from scheduler.ledger.tables import OccurrenceRow
from scheduler.ledger.views import Item
from web.deadlines.held import marked
from web.site import Ledger, ledger
from web.wheel.choice import read_choice
from web.wheel.groups import Group, grouped
from web.words.dates import month_and_year
from web.words.language import gettext as _

blueprint = Blueprint("month", __name__)

WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its deadlines; `closed` is why nobody works, in parts, `free` that it is a weekend or so."""

    day: date
    groups: tuple[Group, ...]
    closed: tuple[str, ...]
    free: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by its number, with the days of it that are shown."""

    number: int
    days: tuple[Day, ...]


@blueprint.get("/maaned")
def current() -> Response:
    """The month that is now, of the same selection."""
    with ledger() as at:
        choice = read_choice(at)
        return make_response(
            redirect(choice.url("month.page", month=f"{at.today:%Y-%m}", skolear=""))
        )


@blueprint.get("/maaned/<month>")
def page(month: str) -> str:
    with ledger() as at:
        first, known = _first_of(month), read.cycles(at.session)
        if first is None or SchoolYear.of(first) not in known:
            told = _("Fant ikke måneden «%(month)s». Den skrives som 2026-10.", month=month)
            abort(404, told)
        choice = read_choice(at)
        groups = grouped(choice.filter(_items(at, first)))
        workdays = workdays_of(at.calendar, SchoolYear.of(first), choice.county or None)
        around = {"before": first - DAY, "after": _next(first)}
        return render_template(
            "month.html",
            at=at,
            choice=choice,
            month=month,
            cycle=SchoolYear.of(first),
            title=month_and_year(first),
            weeks=_weeks(_days(first, groups, workdays, at.today)),
            count=len(groups),
            around={
                name: (f"{day:%Y-%m}", month_and_year(day))
                for name, day in around.items()
                if SchoolYear.of(day) in known
            },
            now=f"{at.today:%Y-%m}",
        )


def _first_of(month: str) -> date | None:
    found = WRITTEN.fullmatch(month)
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) else None


def _next(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


def _items(at: Ledger, first: date) -> list[Item]:
    """What is due in the month, of whichever school year."""
    due, outcome = OccurrenceRow.due, OccurrenceRow.outcome
    within = (due >= first, due < _next(first), outcome.is_distinct_from("withdrawn"))
    return marked(read.items_where(at.session, at.calendar, at.now, *within), held_runs(at.session))


def _days(first: date, groups: Iterable[Group], workdays: Workdays, today: date) -> Iterator[Day]:
    """The days that say something: a deadline, a holiday or closure with a name, today."""
    due: dict[date, list[Group]] = {}
    for group in groups:
        due.setdefault(group.due, []).append(group)
    for number in range((_next(first) - first).days):
        day = first + number * DAY
        closed = _named(day, workdays)
        if day in due or closed or day == today:
            free = not workdays.is_working(day)
            yield Day(day, tuple(due.get(day, ())), closed, free, day == today)


def _named(day: date, workdays: Workdays) -> tuple[str, ...]:
    """Why nobody works; a weekend is no news."""
    bare = day.weekday() >= WEEKEND and day not in public_holidays(day.year)
    return () if bare else tuple(workdays.reasons(day))


def _weeks(days: Iterable[Day]) -> list[Week]:
    return [
        Week(number, tuple(members))
        for number, members in groupby(days, key=lambda day: day.day.isocalendar().week)
    ]
