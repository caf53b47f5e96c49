"""Whole results come out of both databases with the same values and types, nothing as null."""

from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from jobs.register.followup import OtLinje
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs
from jobs.register.whole import whole
from tests.jobs.ot.people import put, schools

AWKWARD = 'Prøve, "Åse"; \\ og\nny linje'
MADE, ENDED = datetime(2026, 10, 20, 6, 0, tzinfo=UTC), datetime(2027, 1, 1, 23, 59, 59, 5, UTC)


def test_numbers_days_instants_and_text_are_what_was_put_in(database):
    schools(database)
    line = {"opprettet_at": MADE}
    with Session(database) as session, session.begin():
        put(session, navn=AWKWARD, kurs={"startdato": date(2026, 8, 17)}, linje_i_ot=line)
        put(
            session,
            navn=AWKWARD,
            kurs={"startdato": None},
            linje_i_ot={**line, "avsluttet_at": ENDED},
        )
    courses = select(Elevkurs.person_id, Person.navn, Person.adresse, Elevkurs.startdato)
    query = courses.join(Person, Person.id == Elevkurs.person_id).order_by(Elevkurs.person_id)
    lines = select(OtLinje.opprettet_at, OtLinje.avsluttet_at).order_by(OtLinje.person_id)
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            connection.execute(text("SET TIME ZONE 'Europe/Oslo'"))
        found, instants = whole(connection, query), whole(connection, lines)
    assert found.rows() == [(1, AWKWARD, None, date(2026, 8, 17)), (2, AWKWARD, None, None)]
    assert found.dtypes == [pl.Int64, pl.String, pl.String, pl.Date]
    assert instants.rows() == [(MADE, None), (MADE, ENDED)]


def test_no_rows_have_the_types_too(database):
    with database.connect() as connection:
        found = whole(connection, select(OtLinje.id, OtLinje.regel, OtLinje.avsluttet_at))
    assert found.schema == {
        "id": pl.Int64,
        "regel": pl.String,
        "avsluttet_at": pl.Datetime("us", "UTC"),
    }


def test_what_the_transaction_has_written_is_read(database):
    with Session(database) as session, session.begin():
        put(session, navn="Prøve, Ny")
        assert whole(session.connection(), select(Person.navn)).rows() == [("Prøve, Ny",)]
