"""Reading: what the register holds of the people a transfer is about, each table once.

Whoever lives in the county, or has applied, followed a course or had a contract there, is looked
at; what they do in other counties and private schools is read too, since it may keep them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select, union
from sqlalchemy.orm import InstrumentedAttribute

from jobs.ot.transfer import Transfer
from jobs.register.adults import Kompetanse, Voksensoknad
from jobs.register.applicants import Onske, Soker
from jobs.register.apprentices import Kontrakt, Prove
from jobs.register.followup import OtLinje, Personmerke
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.tables import School
from jobs.register.whole import whole

EXTRA_TEACHING = "B"
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """One table as it is read: its rows, and which column says whose they are."""

    rows: Rows
    person: InstrumentedAttribute[int]


# What a transfer asks by; the queries are the same for all of them.
COUNTY: BindParameter[str] = bindparam("fylke")
YEAR: BindParameter[str] = bindparam("skolear")
INTAKE_YEAR: BindParameter[str] = bindparam("inntaksar")


def read(connection: Connection, transfer: Transfer) -> dict[str, pl.DataFrame]:
    """The tables by name, narrowed to the people the transfer is about."""
    asked = asked_by(transfer)
    return {name: whole(connection, query, asked) for name, query in queries(transfer).items()}


def queries(transfer: Transfer) -> Mapping[str, Rows]:
    """What is read, by table; to be asked with `asked_by`."""
    return _queries(of_a_county=transfer.fylkesnummer is not None)


def asked_by(transfer: Transfer) -> dict[str, str]:
    """What stands for the names in the queries."""
    asked = {YEAR.key: transfer.skolear, INTAKE_YEAR.key: transfer.intake_year}
    return asked if transfer.fylkesnummer is None else asked | {COUNTY.key: transfer.fylkesnummer}


@cache
def _queries(*, of_a_county: bool) -> Mapping[str, Rows]:
    if not of_a_county:
        return {name: source.rows for name, source in _sources().items()}
    concerned = _concerned()
    return {
        name: source.rows.where(source.person.in_(concerned)) for name, source in _sources().items()
    }


def _concerned() -> Any:
    """The ids of the people who live in the county or are known there."""
    return union(
        select(Person.id).where(func.substr(Person.kommunenummer, 1, 2) == COUNTY),
        select(Soker.person_id).where(Soker.fylkesnummer == COUNTY, Soker.sokerar == INTAKE_YEAR),
        select(Elevkurs.person_id).where(Elevkurs.fylkesnummer == COUNTY, Elevkurs.skolear == YEAR),
        select(Kontrakt.person_id).where(Kontrakt.fylkesnummer == COUNTY),
    )


def _sources() -> Mapping[str, Source]:
    return {
        "person": _of(Person, "id fodselsnummer navn kommunenummer", person=Person.id),
        "kurs": _courses(),
        "fag": _extra_teaching(),
        "soker": _where(
            _of(Soker, "person_id fylkesnummer rettstype"), Soker.sokerar == INTAKE_YEAR
        ),
        "onske": _wishes(),
        "kontrakt": _of(
            Kontrakt,
            "person_id fylkesnummer laretid_fra avsluttet_dato avslutningskode",
        ),
        "prove": _of(Prove, "person_id provetype proveresultat provedato"),
        "voksen": _of(
            Voksensoknad,
            "person_id fylkesnummer skolear soknadsdato rettsvedtak inntaksvedtak oppstartsdato sluttdato",
        ),
        "kompetanse": _of(Kompetanse, "person_id kompetanse oppnadd_dato"),
        "merke": _of(Personmerke, "person_id personmerke fra til"),
        "linje": _where(
            _of(
                OtLinje,
                "id person_id fylkesnummer tilmeldingskode regel opprettet_at avsluttet_at",
            ),
            OtLinje.skolear == YEAR,
        ),
    }


def _of(model: Any, names: str, person: Any = None) -> Source:
    columns = tuple(getattr(model, name) for name in names.split())
    return Source(select(*columns), person or model.person_id)


def _where(source: Source, *conditions: Any) -> Source:
    return Source(source.rows.where(*conditions), source.person)


def _courses() -> Source:
    names = (
        "id person_id skolear programomradekode fylkesnummer startdato avbruddsdato avbruddsarsak "
        "fullfortkode rettstype voksen elevstatus"
    )
    course = _of(Elevkurs, names)
    rows = course.rows.add_columns(School.eierform)
    at_school = rows.join(School, School.skolenummer == Elevkurs.skolenummer)
    return Source(at_school, course.person)


def _extra_teaching() -> Source:
    grades = (Faglinje.standpunkt, Faglinje.skriftlig, Faglinje.muntlig, Faglinje.annen)
    columns = (Elevkurs.person_id, Elevkurs.skolear, Faglinje.avbruddsdato, *grades)
    rows = select(*columns).join(Elevkurs, Elevkurs.id == Faglinje.elevkurs_id)
    return Source(rows.where(Faglinje.fagstatus == EXTRA_TEACHING), Elevkurs.person_id)


def _wishes() -> Source:
    columns = (Soker.person_id, Onske.onsketype, Onske.statuskode, Onske.svar, Onske.statusdato)
    rows = select(*columns).join(Soker, Soker.id == Onske.soker_id)
    return Source(rows.where(Soker.sokerar == INTAKE_YEAR), Soker.person_id)
