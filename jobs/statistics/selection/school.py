"""Pupils and subjects: those active on a count's day, and all of a school year with their results.

Derived values follow what SSB says of them where it is public (P); the rest is our reading (I).
"""

from typing import Any

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)

from jobs.quality import values
from jobs.quality.status import Course, elevstatus
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.tables import School
from jobs.statistics.selection.count import Count, Rows, home_county
from jobs.statistics.selection.sums import (
    GRADED,
    letters,
    outcome,
    percent,
    points,
    status_on_day,
    subject_sums,
)


def pupils(count: Count) -> Rows:
    """The rows of ssbElev; `brutt_senere` marks those who left after the count's day."""
    kurs, person = count.of(Elevkurs), count.of(Person)
    sums = subject_sums(count, kurs, _active(count, kurs), letters(count))
    hours = func.coalesce(sums.c.timer, 0)
    return (
        select(
            *_key(kurs, person),
            person.c.navn.label("elevnavn"),
            School.skolenavn,
            kurs.c.startdato,
            _right(kurs).label("rettstype"),
            kurs.c.elevstatus,
            literal(count.telledato).label("telledato"),
            percent(kurs, hours).label("kursprosent"),
            hours.label("arstimer"),
            func.coalesce(sums.c.antall, 0).label("antall_fag"),
            func.coalesce(kurs.c.sersprak, "N").label("sersprak"),
            home_county(person.c.kommunenummer).label("hjemstedsfylke"),
            case((kurs.c.avbruddsdato.is_not(None), 1), else_=0).label("brutt_senere"),
            func.coalesce(kurs.c.voksen, "N").label("voksen"),
            func.coalesce(sums.c.statuser, "").label("statuser"),
            kurs.c.linje,
            kurs.c.delivery_id,
        )
        .join_from(kurs, person, person.c.id == kurs.c.person_id)
        .join(School, School.skolenummer == kurs.c.skolenummer)
        .outerjoin(sums, sums.c.elevkurs_id == kurs.c.id)
        .where(_active(count, kurs))
    )


def subjects(count: Count) -> Rows:
    """The rows of ssbElevFag for the same pupils: subjects begun by the reference date."""
    kurs, person, fag = count.of(Elevkurs), count.of(Person), count.of(Faglinje)
    left = fag.c.avbruddsdato <= count.telledato
    return (
        select(
            *_key(kurs, person),
            fag.c.fagkode,
            status_on_day(count, kurs, fag).label("fagstatus"),
            fag.c.startdato,
            case((left, fag.c.avbruddsdato), else_=null()).label("avbruddsdato"),
            fag.c.timer,
            fag.c.eksamenstermin.label("opplaringstermin"),
            fag.c.linje,
            fag.c.delivery_id,
        )
        .join_from(fag, kurs, kurs.c.id == fag.c.elevkurs_id)
        .join(person, person.c.id == kurs.c.person_id)
        .where(
            _active(count, kurs),
            or_(fag.c.startdato.is_(None), fag.c.startdato <= count.telledato),
        )
    )


def results(count: Count) -> Rows:
    """The rows of ssbResultat: every course of the school year, also those that were broken off."""
    kurs, person = count.of(Elevkurs), count.of(Person)
    sums = subject_sums(count, kurs, _of_year(count, kurs), outcome)
    hours = func.coalesce(sums.c.timer, 0)
    status = func.coalesce(kurs.c.elevstatus, "X")
    return (
        select(
            *_key(kurs, person),
            person.c.navn.label("elevnavn"),
            School.skolenavn,
            kurs.c.startdato,
            kurs.c.avbruddsdato,
            func.coalesce(kurs.c.fullfortkode, "X").label("fullfortkode"),
            _right(kurs).label("rettstype"),
            status.label("elevstatus"),
            sums.c.rkv_dato,
            points(sums).label("karakterpoeng"),
            percent(kurs, hours).label("kursprosent"),
            hours.label("arstimer"),
            func.coalesce(sums.c.antall, 0).label("antall_fag"),
            *(
                case((status != values.ADULT, kurs.c[name]), else_=null()).label(name)
                for name in ("fravar_dager", "fravar_timer")
            ),
            func.coalesce(kurs.c.sersprak, "N").label("sersprak"),
            kurs.c.avbruddsarsak,
            kurs.c.linje,
            kurs.c.delivery_id,
        )
        .join_from(kurs, person, person.c.id == kurs.c.person_id)
        .join(School, School.skolenummer == kurs.c.skolenummer)
        .outerjoin(sums, sums.c.elevkurs_id == kurs.c.id)
        .where(_of_year(count, kurs))
    )


def grades(count: Count) -> Rows:
    """The rows of ssbResultatFag: every subject of those courses; an exam form of a dash is blank."""
    kurs, person, fag = count.of(Elevkurs), count.of(Person), count.of(Faglinje)
    plain = ("fagkode", "fagstatus", "startdato", "avbruddsdato", "timer", "termin1", "termin2")
    last = ("fagmerknad", "rkv_dato", "eksamenstermin", "linje", "delivery_id")
    return (
        select(
            *_key(kurs, person),
            *(fag.c[name] for name in (*plain, *GRADED)),
            func.nullif(fag.c.eksamensform, "-").label("eksamensform"),
            *(fag.c[name] for name in last),
        )
        .join_from(fag, kurs, kurs.c.id == fag.c.elevkurs_id)
        .join(person, person.c.id == kurs.c.person_id)
        .where(_of_year(count, kurs))
    )


def as_on_the_day(batch: pl.DataFrame) -> pl.DataFrame:
    """Give those who left after the count's day the elevstatus they had on it.

    The register holds S from the day it hears of the break; what the pupil was before is computed
    from the subjects as they stood (3.2).
    """
    left = batch.select("programomradekode", "skolenummer", "voksen", "statuser").unique()
    computed = [
        elevstatus(
            Course(
                broken_off=False,
                adult=row["voksen"] == "J",
                apprenticeship=row["skolenummer"].endswith("000"),
                category=row["programomradekode"][6:8],
                statuses=row["statuser"],
            )
        )
        for row in left.iter_rows(named=True)
    ]
    known = left.with_columns(beregnet=pl.Series(computed, dtype=pl.String))
    joined = batch.join(known, on=left.columns, how="left", maintain_order="left")
    status = pl.when(brutt_senere="1").then("beregnet").otherwise("elevstatus")
    return joined.with_columns(elevstatus=status)


def _of_year(count: Count, kurs: Subquery) -> ColumnElement[bool]:
    return and_(kurs.c.fylkesnummer == count.fylkesnummer, kurs.c.skolear == count.period)


def _active(count: Count, kurs: Subquery) -> ColumnElement[bool]:
    """Begun by the reference date and not broken off by it; no start date is school start."""
    return and_(
        _of_year(count, kurs),
        or_(kurs.c.startdato.is_(None), kurs.c.startdato <= count.telledato),
        or_(kurs.c.avbruddsdato.is_(None), kurs.c.avbruddsdato > count.telledato),
    )


def _key(kurs: Subquery, person: Subquery) -> tuple[Any, ...]:
    return (
        person.c.fodselsnummer,
        kurs.c.skolear,
        kurs.c.skolenummer,
        kurs.c.programomradekode,
    )


def _right(kurs: Subquery) -> ColumnElement[str]:
    """The right as given, else adult's or youth's right (I: the source computes it elsewhere)."""
    return case(
        (kurs.c.rettstype.is_not(None), kurs.c.rettstype),
        (kurs.c.voksen == "J", "V"),
        else_="U",
    )
