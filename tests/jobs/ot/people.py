"""People of the register in a few words, put in without a file: who they are and what they do."""

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from jobs.identity import synthetic_numbers
from jobs.ot import facts, selection
from jobs.ot.reading import read
from jobs.ot.transfer import Transfer
from jobs.register.adults import Kompetanse, Voksensoknad
from jobs.register.applicants import Onske, Soker
from jobs.register.apprentices import Kontrakt, Prove
from jobs.register.followup import OtLinje, Personmerke
from jobs.register.people import Person, PersonNumber
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.schools import sync_schools
from jobs.register.tables import School

SKOLEAR = "20262027"
PER = date(2026, 10, 20)
LINEAGE = {"delivery_id": 1, "linje": 1}
SCHOOLS = {"offentlig": "46001", "privat": "46840", "oslo": "03001"}
_places = count()


def numbers(born):
    """Synthetic identity numbers of a birth date."""
    return synthetic_numbers([born])["fodselsnummer"].to_list()


def put(session, *, fodt=date(2009, 3, 4), nummer=None, bor="4601", navn=None, **does):
    """Put one person in the register; `does` holds rows by kind, see KINDS. Returns the id."""
    place = next(_places)
    number = nummer or free_number(session, fodt)
    person = Person(
        fodselsnummer=number, navn=navn or f"Prøve, Person {place}", kommunenummer=bor, **LINEAGE
    )
    session.add(person)
    session.flush()
    session.add(PersonNumber(fodselsnummer=number, person_id=person.id, delivery_id=1))
    for kind, rows in does.items():
        for row in rows if isinstance(rows, list) else [rows]:
            KINDS[kind](session, person.id, row)
    session.flush()
    return person.id


def free_number(session, born):
    taken = set(
        session.scalars(
            PersonNumber.__table__.select().with_only_columns(PersonNumber.fodselsnummer)
        )
    )
    return next(number for number in numbers(born) if number not in taken)


def course(session, person, row):
    """An elevkurs; `skole` is a word of SCHOOLS, `fag` its subjects."""
    school = session.get_one(School, SCHOOLS[row.get("skole", "offentlig")])
    values = {k: v for k, v in row.items() if k not in ("skole", "fag")}
    defaults = {
        "skolear": SKOLEAR,
        "programomradekode": "STUSP1----",
        "startdato": date(2026, 8, 17),
        "fullfortkode": "H",
        "elevstatus": "E",
    }
    kurs = Elevkurs(
        person_id=person,
        skolenummer=school.skolenummer,
        fylkesnummer=school.fylkesnummer,
        **{**defaults, **values},
        **LINEAGE,
    )
    session.add(kurs)
    session.flush()
    for subject in row.get("fag", []):
        values = {"fagkode": "NOR1267", "eksamenstermin": "", **subject}
        session.add(Faglinje(elevkurs_id=kurs.id, **values, **LINEAGE))


def application(session, person, row):
    """An application; `onsker` are statuses, with L for an apprenticeship and =svar for an answer."""
    values = {k: v for k, v in row.items() if k != "onsker"}
    soker = Soker(
        person_id=person, **{"sokerar": "2026", "fylkesnummer": "46", **values}, **LINEAGE
    )
    session.add(soker)
    session.flush()
    for number, wish in enumerate(str(row.get("onsker", "")).split(), start=1):
        status, _, svar = wish.partition("=")
        session.add(
            Onske(
                soker_id=soker.id,
                onskenummer=number,
                onsketype="L" if status.endswith("L") else "S",
                statuskode=status.removesuffix("L"),
                svar=svar or None,
                **LINEAGE,
            )
        )


def _rows(model, **defaults):
    def add(session, person, row):
        values = {**defaults, **row}
        if "linje" in model.__table__.c:
            values |= LINEAGE
        session.add(model(person_id=person, **values))

    return add


KINDS = {
    "kurs": course,
    "soker": application,
    "kontrakt": _rows(
        Kontrakt, fylkesnummer="46", kontraktsnummer="46-1", laretid_fra=date(2026, 8, 1)
    ),
    "prove": _rows(
        Prove, fylkesnummer="46", programomradekode="BATMF3----", provetype="F", provenummer=1
    ),
    "voksen": _rows(Voksensoknad, fylkesnummer="46", soknadsnummer="1", skolear=SKOLEAR),
    "kompetanse": _rows(Kompetanse, fylkesnummer="46"),
    "merke": _rows(Personmerke),
    "linje_i_ot": _rows(
        OtLinje,
        skolear=SKOLEAR,
        fylkesnummer="46",
        otenhet="46201",
        tilmeldingskode="OSON",
        otstatus="OTUK",
        regel="R1",
        regler=["R1"],
        bevis={},
        skjermet=False,
        opprettet_av="før",
    ),
}


def schools(database):
    """The register's schools, which courses lie at."""
    with Session(database) as session, session.begin():
        sync_schools(session)


def candidates(database, per=PER, county="46"):
    """The candidates on a day, by person."""
    transfer = Transfer(county, SKOLEAR, per)
    with database.connect() as connection:
        found = selection.select(facts.derive(read(connection, transfer), transfer))
    return {row["person_id"]: row for row in found.iter_rows(named=True)}
