"""Laws of the transfer: whatever a person does, and in whichever order things happen."""

import atexit
from datetime import date
from functools import cache
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from jobs.ot.catalogue import gates, rules
from jobs.ot.docs import PAGE, page
from jobs.register.tables import RegisterBase, School
from scheduler.ledger.database import open_database
from tests.jobs.ot.people import PER, candidates, put, schools

DAYS = st.dates(date(2026, 8, 1), date(2026, 12, 1))
MAYBE_DAY = st.none() | DAYS
COURSE = st.fixed_dictionaries(
    {"skole": st.sampled_from(["offentlig", "privat", "oslo"])},
    optional={
        "startdato": MAYBE_DAY,
        "avbruddsdato": MAYBE_DAY,
        "avbruddsarsak": st.sampled_from(["FV", "AS", "LA", "FL", "MI"]),
        "fullfortkode": st.sampled_from(["S", "H", "B", "I", "M"]),
        "elevstatus": st.sampled_from(["E", "A", "V", "P"]),
    },
)
CONTRACT = st.fixed_dictionaries(
    {"fylkesnummer": st.sampled_from(["46", "03"]), "laretid_fra": MAYBE_DAY},
    optional={
        "avsluttet_dato": MAYBE_DAY,
        "avslutningskode": st.sampled_from(["FV", "AB", "EK", "UP"]),
    },
)
ADULT = st.fixed_dictionaries(
    {"fylkesnummer": st.sampled_from(["46", "03"])},
    optional={
        "inntaksvedtak": st.sampled_from(["IN", "VE", "AV"]),
        "sluttdato": MAYBE_DAY,
        "soknadsdato": MAYBE_DAY,
    },
)
WISHES = st.lists(
    st.sampled_from(
        ["3", "4L", "12", "18", "19L", "30", "46", "51", "57", "61", "77", "82L", "12=NEI"]
    ),
    max_size=3,
)
PERSON = st.fixed_dictionaries(
    {"bor": st.sampled_from(["4601", "0301", None])},
    optional={
        "fodt": st.sampled_from([date(2001, 5, 5), date(2002, 5, 5), date(2009, 5, 5)]),
        "kurs": COURSE,
        "kontrakt": CONTRACT,
        "voksen": ADULT,
        "soker": WISHES.map(lambda found: {"onsker": " ".join(found)}),
    },
)


def active(person):
    """Whether the person, as put in, is in education or has applied as an adult on the day."""
    course = person.get("kurs")
    contract, adult = person.get("kontrakt"), person.get("voksen")
    return (
        (
            bool(course)
            and course.get("elevstatus") != "P"
            and running(course, "startdato", "avbruddsdato")
        )
        or (bool(contract) and running(contract, "laretid_fra", "avsluttet_dato"))
        or (
            bool(adult)
            and adult.get("inntaksvedtak") != "AV"
            and running(adult, "soknadsdato", "sluttdato")
        )
    )


def running(row, begins, ends):
    start = row.get(begins, date(2026, 8, 17))
    end = row.get(ends)
    return (start is None or start <= PER) and (end is None or end > PER)


@cache
def shared_database():
    """One register for all examples."""
    folder = TemporaryDirectory(prefix="aarshjul-ot-")
    atexit.register(folder.cleanup)
    database = open_database(f"sqlite:///{folder.name}/register.db")
    RegisterBase.metadata.create_all(database)
    schools(database)
    return database


def register():
    """The shared register, emptied of people."""
    database = shared_database()
    with Session(database) as session, session.begin():
        for table in reversed(RegisterBase.metadata.sorted_tables):
            if table.name != School.__tablename__:
                session.execute(delete(table))
    return database


@settings(max_examples=40)
@given(st.lists(PERSON, min_size=1, max_size=6))
def test_no_one_in_education_or_with_an_adult_application_anywhere_is_transferred(people):
    database = register()
    with Session(database) as session, session.begin():
        ids = [put(session, **person) for person in people]
    found = candidates(database)
    for person, number in zip(people, ids, strict=True):
        candidate = found.get(number)
        if active(person):
            assert candidate is None or candidate["port"] is not None
        if candidate is not None:
            assert candidate["regel"] == candidate["regler"][0]
            assert candidate["setning"].endswith(".")


@settings(max_examples=20)
@given(st.lists(PERSON, min_size=1, max_size=4))
def test_nobody_is_transferred_by_two_counties(people):
    database = register()
    with Session(database) as session, session.begin():
        for person in people:
            put(session, **person)
    into = [
        {number for number, row in candidates(database, county=county).items() if not row["port"]}
        for county in ("46", "03")
    ]
    assert not into[0] & into[1]


@settings(max_examples=20)
@given(st.lists(PERSON, min_size=1, max_size=4))
def test_a_county_by_itself_decides_as_the_whole_country_does(people):
    database = register()
    with Session(database) as session, session.begin():
        for person in people:
            put(session, **person)
    whole = candidates(database, county=None)
    for county in ("46", "03"):
        alone = candidates(database, county=county)
        ours = {number: row for number, row in whole.items() if row["her"] == county}
        assert ours.items() <= alone.items()


def test_every_rule_and_gate_says_what_is_known_and_what_is_ours():
    assert {rule.kilde for rule in rules()} == {"S"}
    assert {rule.vilkar for rule in rules()} == {"I", "T"}
    assert {rule.id for rule in rules() if rule.vilkar == "T"} == {"R5", "R9"}
    assert {gate.kilde for gate in gates()} <= {"S", "I"}


def test_the_page_about_the_transfers_is_made_from_what_is_declared():
    assert PAGE.read_text(encoding="utf-8") == page()
    assert all(f"### {rule.id} " in page() for rule in rules())
    assert all(f"| {gate.id} |" in page() for gate in gates())
