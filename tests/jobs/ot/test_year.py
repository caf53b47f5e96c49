"""A school year: people break off, come back, move, turn 24 and change number while transfers run."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.followup import OtHendelse, OtLinje
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs
from jobs.register.renumber import Change, Decision, renumber
from tests.jobs.ot.people import course, numbers, put
from tests.jobs.ot.transfers import deliver, transfer

COUNTIES = ("46", "03")
PLACED = {"onsker": "18"}


def quit_on(day, reason="FV"):
    return {"avbruddsdato": day, "avbruddsarsak": reason, "fullfortkode": "S"}


class Year:
    """The register through the year; `weekly` runs the week's transfers in both counties."""

    def __init__(self, database, folder):
        self.database, self.folder = database, folder

    def add(self, **does):
        with Session(self.database) as session, session.begin():
            return put(session, soker=PLACED, **does)

    def change(self, model, person, **values):
        """Change a person's own row, or the newest of the person's rows."""
        with Session(self.database) as session, session.begin():
            key = model.id if model is Person else model.person_id
            found = session.scalars(select(model).where(key == person).order_by(model.id)).all()[-1]
            for name, value in values.items():
                setattr(found, name, value)

    def begins(self, person, day, skole):
        with Session(self.database) as session, session.begin():
            course(session, person, {"startdato": day, "skole": skole})

    def weekly(self, day):
        now = datetime.combine(day, time(6), UTC)
        with Session(self.database) as session, session.begin():
            deliver(session, "skole-priv-slutt-start-nov", "national", now)
            deliver(session, "skole-priv-slutt-start-jan", "national", now)
            for county in COUNTIES:
                for row in ("skole-off-sluttere-startere", "skole-off-telling-okt"):
                    deliver(session, row, county, now - timedelta(hours=1))
                deliver(session, "fag-kontrakter-vigo", county, now)
        for county in COUNTIES:
            transfer(self.database, self.folder, now=now, scope=county)

    def lines(self, person):
        """(county, reason, open) of each of the person's lines."""
        with Session(self.database) as session:
            found = session.scalars(
                select(OtLinje).where(OtLinje.person_id == person).order_by(OtLinje.fylkesnummer)
            )
            return [
                (line.fylkesnummer, line.tilmeldingskode, line.avsluttet_at is None)
                for line in found
            ]


@pytest.fixture
def year(register, tmp_path):
    return Year(register, tmp_path)


def test_whoever_comes_back_and_breaks_off_again_has_one_line_with_both(year):
    person = year.add(kurs=quit_on(date(2026, 10, 12)))
    year.weekly(date(2026, 10, 13))
    year.begins(person, date(2026, 12, 1), "privat")
    back = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    year.change(OtLinje, person, otstatus="OTVF", avsluttet_at=back, avsluttet_grunn="på skole")
    year.weekly(date(2026, 12, 8))
    assert year.lines(person) == [("46", "OESL", False)]
    year.change(Elevkurs, person, **quit_on(date(2027, 2, 10)))
    year.weekly(date(2027, 2, 16))
    year.weekly(date(2027, 2, 23))
    assert year.lines(person) == [("46", "OESL", True)]
    with Session(year.database) as session:
        told = session.scalars(select(OtHendelse.grunn).order_by(OtHendelse.id)).all()
    assert ["12.10.2026" in told[0], "10.02.2027" in told[1]] == [True, True]


def test_whoever_announced_another_school_is_waited_for_and_only_the_absent_are_transferred(year):
    came = year.add(kurs=quit_on(date(2026, 10, 1), "AS"))
    stayed_away = year.add(kurs=quit_on(date(2026, 10, 1), "AS"))
    year.weekly(date(2026, 10, 6))
    assert year.lines(came) == year.lines(stayed_away) == []
    year.begins(came, date(2026, 10, 8), "oslo")
    year.weekly(date(2026, 10, 20))
    assert year.lines(came) == []
    assert year.lines(stayed_away) == [("46", "OESL", True)]


def test_whoever_moves_is_the_other_countys_and_never_two_lines_in_one(year):
    before = year.add(bor="0301", kurs=quit_on(date(2026, 10, 12), "FL"))
    after = year.add(kurs=quit_on(date(2026, 10, 12)))
    year.weekly(date(2026, 10, 13))
    assert year.lines(before) == [("03", "OESL", True)]
    year.change(Person, after, kommunenummer="0301")
    year.weekly(date(2026, 11, 3))
    year.weekly(date(2026, 11, 10))
    assert year.lines(after) == [("03", "OESL", True), ("46", "OESL", True)]


def test_whoever_turned_24_goes_out_at_new_year_and_does_not_come_back(year):
    person = year.add(fodt=date(2002, 6, 6), kurs=quit_on(date(2026, 10, 12)))
    year.weekly(date(2026, 10, 13))
    new_year = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)
    transfer(year.database, year.folder, "close-ot-age", new_year)
    year.change(Elevkurs, person, **quit_on(date(2027, 1, 10)))
    year.weekly(date(2027, 1, 12))
    assert year.lines(person) == [("46", "OESL", False)]


def test_a_new_number_makes_no_new_line_and_two_who_are_one_have_one(year):
    first = year.add(kurs=quit_on(date(2026, 10, 12)))
    second = year.add(kurs={**quit_on(date(2026, 10, 12)), "skole": "privat"})
    year.weekly(date(2026, 10, 13))
    year.change(OtLinje, second, otstatus="OTAR")
    with Session(year.database) as session:
        old, other = (session.get_one(Person, p).fodselsnummer for p in (first, second))
    free = numbers(date(2008, 1, 1))[0]
    decision = Decision(1, "Inntakskontoret", "vask", datetime(2026, 10, 14, tzinfo=UTC))
    day = date(2026, 10, 14)
    with year.database.begin() as connection:
        assert renumber(connection, Change(old, free, day), decision) == "renumbered"
    year.weekly(date(2026, 10, 20))
    assert year.lines(first) == [("46", "OESL", True)]
    with year.database.begin() as connection:
        assert renumber(connection, Change(other, free, day), decision) == "merged"
    year.weekly(date(2026, 10, 27))
    assert year.lines(first) == [("46", "OESL", True)]
    with Session(year.database) as session:
        line = session.scalars(select(OtLinje)).one()
        assert line.otstatus == "OTAR"  # the adviser's word stays when two lines become one
        events = session.scalars(select(OtHendelse.linje_id)).all()
    assert events == [line.id, line.id]
