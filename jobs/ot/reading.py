"""Reading: what the register holds of the people a transfer is about, each table once.

Whoever lives in the county, or has applied, followed a course or had a contract there, is looked
at; what they do in other counties and private schools is read too, since it may keep them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, func, select, union
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


def read(connection: Connection, transfer: Transfer) -> dict[str, pl.DataFrame]:
    """The tables by name, narrowed to the people the transfer is about."""
    return {name: whole(connection, query) for name, query in queries(transfer).items()}


def queries(transfer: Transfer) -> dict[str, Rows]:
    """What is read, by table."""
    if transfer.fylkesnummer is None:
        return {name: source.rows for name, source in _sources(transfer).items()}
    concerned = _concerned(transfer)
    return {
        name: source.rows.where(source.person.in_(concerned))
        for name, source in _sources(transfer).items()
    }


def _concerned(transfer: Transfer) -> Any:
    """The ids of the people who live in the county or are known there."""
    county = transfer.fylkesnummer
    year = Soker.sokerar == transfer.intake_year
    return union(
        select(Person.id).where(func.substr(Person.kommunenummer, 1, 2) == county),
        select(Soker.person_id).where(Soker.fylkesnummer == county, year),
        select(Elevkurs.person_id).where(
            Elevkurs.fylkesnummer == county, Elevkurs.skolear == transfer.skolear
        ),
        select(Kontrakt.person_id).where(Kontrakt.fylkesnummer == county),
    )


def _sources(transfer: Transfer) -> Mapping[str, Source]:
    return {
        "person": _of(Person, "id fodselsnummer navn kommunenummer", person=Person.id),
        "kurs": _courses(),
        "fag": _extra_teaching(),
        "soker": _where(
            _of(Soker, "person_id fylkesnummer rettstype"), Soker.sokerar == transfer.intake_year
        ),
        "onske": _wishes(transfer),
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
            OtLinje.skolear == transfer.skolear,
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


def _wishes(transfer: Transfer) -> Source:
    columns = (Soker.person_id, Onske.onsketype, Onske.statuskode, Onske.svar, Onske.statusdato)
    rows = select(*columns).join(Soker, Soker.id == Onske.soker_id)
    return Source(rows.where(Soker.sokerar == transfer.intake_year), Soker.person_id)
