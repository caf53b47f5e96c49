"""Sums over a course's subjects: hours, how many, statuses, and the mean of the grades."""

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Subquery, and_, case, func, null, or_, select
from sqlalchemy import cast as sql_cast

from jobs.quality import values
from jobs.register.pupils import Faglinje
from jobs.statistics.selection.count import Count

GRADED = ("standpunkt", "skriftlig", "muntlig", "annen")


def status_on_day(count: Count, kurs: Subquery, fag: Subquery) -> ColumnElement[Any]:
    """The subject's status on the day; one left afterwards was an adult's or an ordinary one (I)."""
    before = case((kurs.c.voksen == "J", values.ADULT), else_="E")
    left_later = and_(fag.c.fagstatus == values.BROKEN_OFF, fag.c.avbruddsdato > count.telledato)
    return case((left_later, before), else_=fag.c.fagstatus)


More = Callable[[Subquery, Subquery], tuple[Any, ...]]


def subject_sums(count: Count, kurs: Subquery, wanted: ColumnElement[bool], more: More) -> Subquery:
    """By course: hours, subjects, and what `more` makes of its subjects."""
    fag = count.of(Faglinje)
    counts = or_(
        fag.c.fagstatus.in_(values.COUNTED),
        and_(
            fag.c.fagstatus == values.BROKEN_OFF,
            fag.c.avbruddsdato >= values.break_counts_from(count.period),
        ),
    )
    is_counted_subject = or_(fag.c.fagstatus.is_(None), fag.c.fagstatus != values.EXTRA_TEACHING)
    return (
        select(
            fag.c.elevkurs_id,
            func.sum(case((counts, func.coalesce(fag.c.timer, 0)), else_=0)).label("timer"),
            func.sum(case((is_counted_subject, 1), else_=0)).label("antall"),
            *more(kurs, fag),
        )
        .join_from(fag, kurs, kurs.c.id == fag.c.elevkurs_id)
        .where(wanted)
        .group_by(fag.c.elevkurs_id)
        .subquery("fagsummer")
    )


def letters(count: Count) -> More:
    """The letters of the subjects' statuses on the day, as often as they stand."""

    def gathered(kurs: Subquery, fag: Subquery) -> tuple[Any, ...]:
        return (func.aggregate_strings(status_on_day(count, kurs, fag), "").label("statuser"),)

    return gathered


def outcome(_kurs: Subquery, fag: Subquery) -> tuple[Any, ...]:
    """The sum of the number grades, how many they are, and the day of the last assessment."""
    wanted = sorted(values.NUMBER_GRADES)
    numbers = [case((fag.c[name].in_(wanted), fag.c[name])) for name in GRADED]
    points = [func.coalesce(sql_cast(number, Integer), 0) for number in numbers]
    counted = [case((number.is_not(None), 1), else_=0) for number in numbers]
    return (
        func.sum(reduce(add, points)).label("poeng"),
        func.sum(reduce(add, counted)).label("tall"),
        func.max(fag.c.rkv_dato).label("rkv_dato"),
    )


def points(sums: Subquery) -> ColumnElement[Any]:
    """Karakterpoeng in hundredths, rounded half up: equal to `values.karakterpoeng`."""
    points, grades = sums.c.poeng * 1000, sums.c.tall
    return case((grades > 0, (points * 2 + grades) // (grades * 2)), else_=null())


def percent(kurs: Subquery, hours: ColumnElement[Any]) -> ColumnElement[Any]:
    """Hours of the full year's: equal on every database, and to `values.kursprosent`."""
    programme = func.substr(kurs.c.programomradekode, 1, 2)
    general = programme.in_(values.GENERAL_PROGRAMMES)
    full = case((general, values.GENERAL_HOURS), else_=values.VOCATIONAL_HOURS)
    return cast("ColumnElement[Any]", values.percent(hours, full))
