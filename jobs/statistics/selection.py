"""Which rows the statistics files hold: the pupils of a county who are active on the count's day.

Derived values follow what SSB says of them where it is public (P); the rest is our reading (I).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    and_,
    case,
    collate,
    func,
    literal,
    or_,
    select,
)

from jobs.quality import values
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.tables import School

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Count:
    """A count: a county's pupils of a school year as they stand on the reference date."""

    fylkesnummer: str
    skolear: str
    telledato: date

    def active(self) -> ColumnElement[bool]:
        """Begun by the reference date and not broken off by it; no start date is school start."""
        return and_(
            Elevkurs.fylkesnummer == self.fylkesnummer,
            Elevkurs.skolear == self.skolear,
            or_(Elevkurs.startdato.is_(None), Elevkurs.startdato <= self.telledato),
            or_(Elevkurs.avbruddsdato.is_(None), Elevkurs.avbruddsdato > self.telledato),
        )


def pupils(count: Count, dialect: Dialect) -> Rows:
    """The rows of ssbElev, in the order of their key."""
    subjects = _subject_sums(count).subquery()
    hours = func.coalesce(subjects.c.timer, 0)
    return (
        select(
            *_key(),
            Person.navn,
            School.skolenavn,
            Elevkurs.startdato,
            _right().label("rettstype"),
            Elevkurs.elevstatus,
            literal(count.telledato).label("telledato"),
            _percent(hours).label("kursprosent"),
            hours.label("arstimer"),
            func.coalesce(subjects.c.antall, 0).label("antall_fag"),
            func.coalesce(Elevkurs.sersprak, "N").label("sersprak"),
            func.substr(Person.kommunenummer, 1, 2).label("hjemstedsfylke"),
            Elevkurs.linje,
        )
        .join_from(Elevkurs, Person, Person.id == Elevkurs.person_id)
        .join(School, School.skolenummer == Elevkurs.skolenummer)
        .outerjoin(subjects, subjects.c.elevkurs_id == Elevkurs.id)
        .where(count.active())
        .order_by(*_ordered(_key(), dialect))
    )


def subjects(count: Count, dialect: Dialect) -> Rows:
    """The rows of ssbElevFag for the same pupils: subjects begun by the reference date."""
    begun = or_(Faglinje.startdato.is_(None), Faglinje.startdato <= count.telledato)
    return (
        select(
            *_key(),
            Faglinje.fagkode,
            Faglinje.fagstatus,
            Faglinje.startdato,
            Faglinje.avbruddsdato,
            Faglinje.timer,
            Faglinje.eksamenstermin,
            Faglinje.linje,
        )
        .join_from(Faglinje, Elevkurs, Elevkurs.id == Faglinje.elevkurs_id)
        .join(Person, Person.id == Elevkurs.person_id)
        .where(count.active(), begun)
        .order_by(*_ordered((*_key(), Faglinje.fagkode, Faglinje.eksamenstermin), dialect))
    )


def _key() -> tuple[Any, ...]:
    return (
        Person.fodselsnummer,
        Elevkurs.skolear,
        Elevkurs.skolenummer,
        Elevkurs.programomradekode,
    )


def _ordered(columns: tuple[Any, ...], dialect: Dialect) -> list[Any]:
    """By code point, whatever the database's collation: the same bytes from every database."""
    binary = "C" if dialect.name == "postgresql" else "BINARY"
    return [collate(column, binary) for column in columns]


def _subject_sums(count: Count) -> Rows:
    counts = or_(
        Faglinje.fagstatus.in_(values.COUNTED),
        and_(
            Faglinje.fagstatus == values.BROKEN_OFF,
            Faglinje.avbruddsdato >= values.break_counts_from(count.skolear),
        ),
    )
    is_counted_subject = Faglinje.fagstatus.is_distinct_from(values.EXTRA_TEACHING)
    return (
        select(
            Faglinje.elevkurs_id,
            func.sum(case((counts, func.coalesce(Faglinje.timer, 0)), else_=0)).label("timer"),
            func.sum(case((is_counted_subject, 1), else_=0)).label("antall"),
        )
        .join(Elevkurs, Elevkurs.id == Faglinje.elevkurs_id)
        .where(count.active())
        .group_by(Faglinje.elevkurs_id)
    )


def _percent(hours: ColumnElement[Any]) -> ColumnElement[Any]:
    """Hours of the full year's: equal on every database, and to `values.kursprosent`."""
    programme = func.substr(Elevkurs.programomradekode, 1, 2)
    general = programme.in_(values.GENERAL_PROGRAMMES)
    full = case((general, values.GENERAL_HOURS), else_=values.VOCATIONAL_HOURS)
    return cast("ColumnElement[Any]", values.percent(hours, full))


def _right() -> ColumnElement[str]:
    """The right as given, else adult's or youth's right (I: the source computes it elsewhere)."""
    return case(
        (Elevkurs.rettstype.is_not(None), Elevkurs.rettstype),
        (Elevkurs.voksen == "J", "V"),
        else_="U",
    )
