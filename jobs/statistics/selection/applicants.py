"""Applicants and wishes of a year, and adults' applications of a school year, as they were known."""

from datetime import date

import polars as pl
from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, null, select

from jobs.codelists import table
from jobs.identity import classify
from jobs.register.adults import Voksensoknad
from jobs.register.applicants import Onske, Soker
from jobs.register.apprentices import Kontrakt
from jobs.register.people import Person
from jobs.statistics.selection.count import Count, Rows, home_county

APPRENTICESHIP, SCHOOL_PLACE = "L", "S"
OFFERED = ("TILB", "JA")  # groups of the wish statuses


def applications(count: Count) -> Rows:
    """The rows of Sokerdata: every wish of the year's applicants."""
    soker, onske, person = count.of(Soker), count.of(Onske), count.of(Person)
    return _wishes(count, soker, onske, person)


def intake(count: Count) -> Rows:
    """The rows of Inntaksdata: the same, with what the intake gave."""
    soker, onske, person = count.of(Soker), count.of(Onske), count.of(Person)
    offered = onske.c.statuskode.in_(_statuses(*OFFERED))
    return _wishes(count, soker, onske, person).add_columns(
        onske.c.inntaksrunde,
        onske.c.statuskode,
        soker.c.poengsum,
        case((offered, onske.c.skolenummer), else_=null()).label("tilbudt_skole"),
        case((offered, onske.c.programomradekode), else_=null()).label("tilbudt_programomrade"),
        onske.c.svar,
        onske.c.ventelistenummer,
    )


def _wishes(count: Count, soker: Subquery, onske: Subquery, person: Subquery) -> Rows:
    return (
        select(
            soker.c.fylkesnummer.label("fylke"),
            soker.c.sokerar,
            person.c.fodselsnummer,
            *(soker.c[name] for name in ("sokergruppe", "rettstype")),
            *(onske.c[name] for name in ("onskenummer", "skolenummer", "programomradekode")),
            onske.c.behandlingskategori,
            *(soker.c[name] for name in ("avgiverskole", "soknadsfrist")),
            onske.c.linje,
            onske.c.delivery_id,
        )
        .join_from(onske, soker, soker.c.id == onske.c.soker_id)
        .join(person, person.c.id == soker.c.person_id)
        .where(_of_year(count, soker))
    )


def mediation(count: Count) -> Rows:
    """The rows of UdirFormidling: all wishes of those who apply for an apprenticeship.

    The contract is the first that was approved for the person in the trade, in the year.
    """
    soker, onske, person = count.of(Soker), count.of(Onske), count.of(Person)
    first, contract = count.of(Onske).alias("forste"), _first_contracts(count)
    wish = first.c.soker_id == soker.c.id
    seeks = exists().where(wish, first.c.onsketype == APPRENTICESHIP)
    school_first = exists().where(wish, first.c.onskenummer == 1, first.c.onsketype == SCHOOL_PLACE)
    got = and_(
        contract.c.person_id == soker.c.person_id,
        contract.c.programomradekode == onske.c.programomradekode,
        onske.c.onsketype == APPRENTICESHIP,
        contract.c.plass == 1,
    )
    return (
        select(
            soker.c.fylkesnummer.label("avgiverfylke"),
            home_county(person.c.kommunenummer).label("hjemstedsfylke"),
            person.c.fodselsnummer,
            soker.c.sokerar,
            *(onske.c[name] for name in ("onskenummer", "programomradekode", "statuskode")),
            soker.c.rettstype,
            case((school_first, "J"), else_="N").label("forste_skoleplass"),
            contract.c.godkjent_dato.label("kontrakt_godkjent"),
            *(contract.c[name] for name in ("kontraktstype", "bedrift")),
            onske.c.linje,
            onske.c.delivery_id,
        )
        .join_from(onske, soker, soker.c.id == onske.c.soker_id)
        .join(person, person.c.id == soker.c.person_id)
        .outerjoin(contract, got)
        .where(_of_year(count, soker), seeks)
    )


def _first_contracts(count: Count) -> Subquery:
    kontrakt = count.of(Kontrakt)
    own = (kontrakt.c.person_id, kontrakt.c.programomradekode)
    year = int(count.period)
    place = func.row_number().over(
        partition_by=own, order_by=(kontrakt.c.godkjent_dato, kontrakt.c.kontraktsnummer)
    )
    given = kontrakt.c.godkjent_dato.between(date(year, 1, 1), date(year, 12, 31))
    told = (kontrakt.c[name] for name in ("godkjent_dato", "kontraktstype", "bedrift"))
    query: Select[*tuple[object, ...]] = select(*own, *told, place.label("plass"))
    return query.where(kontrakt.c.fylkesnummer == count.fylkesnummer, given).subquery("kontrakter")


def _of_year(count: Count, soker: Subquery) -> ColumnElement[bool]:
    return and_(soker.c.fylkesnummer == count.fylkesnummer, soker.c.sokerar == count.period)


def _statuses(*groups: str) -> list[str]:
    known = table("soknadsstatus")
    return known.filter(pl.col("gruppe").is_in(groups))["kode"].to_list()


def adults(count: Count) -> Rows:
    """The rows of Voksensokere; age and sex are read from the number (see `with_age_and_sex`)."""
    soknad, person = count.of(Voksensoknad), count.of(Person)
    decisions = ("rettsvedtak", "rettsvedtak_dato", "sluttkompetanse", "programomradekode")
    return (
        select(
            soknad.c.fylkesnummer.label("fylke"),
            soknad.c.skolear,
            person.c.fodselsnummer,
            soknad.c.soknadsdato,
            *(soknad.c[name] for name in (*decisions, "rkv_vedtak_dato", "inntaksvedtak")),
            *(soknad.c[name] for name in ("oppstartsdato", "soknadsnummer")),
            *(soknad.c[name] for name in ("linje", "delivery_id")),
        )
        .join_from(soknad, person, person.c.id == soknad.c.person_id)
        .where(
            soknad.c.fylkesnummer == count.fylkesnummer,
            soknad.c.skolear == count.period,
        )
    )


def with_age_and_sex(batch: pl.DataFrame) -> pl.DataFrame:
    """Add `alder` on the first day of the school year and `kjonn` (K, M), as the number tells them."""
    ages = [_age(*row) for row in batch.select("fodselsnummer", "skolear").iter_rows()]
    ninth = pl.col("fodselsnummer").str.slice(8, 1).cast(pl.Int64, strict=False)
    return batch.with_columns(
        alder=pl.Series(ages, dtype=pl.String),
        kjonn=pl.when(ninth % 2 == 0).then(pl.lit("K")).when(ninth % 2 == 1).then(pl.lit("M")),
    )


def _age(number: str, skolear: str) -> str | None:
    first_day = date(int(skolear[:4]), 8, 1)
    born = classify(number, first_day).birth_date
    if born is None:
        return None
    had_birthday = (born.month, born.day) <= (first_day.month, first_day.day)
    return str(first_day.year - born.year - (not had_birthday))
