"""Marks by file: who is put aside at once, what is refused, and that nothing is removed."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.imports.lines import FileFault
from jobs.ot.catalogue import Category
from jobs.ot.dry_run import dry_run
from jobs.ot.extract import ot_data
from jobs.ot.listing import Asked, Listing
from jobs.ot.marks import take_in
from jobs.ot.persons import entries, is_protected, protected
from jobs.ot.status import Word
from jobs.ot.transfer import Transfer
from jobs.register.followup import OtPaVei, Personmerke
from jobs.register.people import Person
from jobs.register.tables import Delivery
from tests.jobs.ot.people import SKOLEAR
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, adding, events, lines, transfer

WORD = Word("Kari", "ukens merker")
HEADING = "fodselsnummer;personmerke;fra;til"
LATER = OCTOBER + timedelta(days=7)
NOW = Asked("46", SKOLEAR, LATER.date())


@pytest.fixture
def give(either_register, tmp_path):
    """Take in lines about a person; {} is the identity number."""

    def taken(person, *rows, heading=HEADING):
        with Session(either_register) as session:
            number = session.get_one(Person, person).fodselsnummer
        file = tmp_path / "merker.csv"
        text = [heading, *(row.format(number) for row in rows)]
        file.write_text("\n".join(text) + "\n", encoding="utf-8")
        return dict(take_in(either_register, tmp_path, file, WORD, LATER))

    return taken


@pytest.fixture
def person(either_register, tmp_path):
    """One who was registered on 20 October."""
    put = adding(either_register, kurs=BROKE_OFF)
    transfer(either_register, tmp_path)
    return put


def listed(database, which=Listing.OLDEST):
    with Session(database) as session:
        return [row.person_id for row in entries(session, NOW, which)]


def test_a_protected_address_takes_the_line_to_the_central_unit_and_off_the_list(
    either_register, give, person
):
    assert listed(either_register) == [person]
    assert give(person, "{};K6;2026-10-01;") == {"new": 1, "moved": 1}
    (line,) = lines(either_register, person)
    assert (line.skjermet, line.otenhet, line.otstatus) == (True, "46200", "OTUK")
    assert listed(either_register) == []
    with Session(either_register) as session:
        assert {row.person_id for row in protected(session, NOW)} == {person}
    _, moved = events(either_register, person)
    assert (moved.slag, moved.otenhet, moved.aktor, moved.otstatus) == ("F", "46200", "Kari", None)


def test_the_file_to_udir_still_has_the_whole_person(either_register, give, person):
    with Session(either_register) as session:
        (before,) = ot_data(session, "46", SKOLEAR, LATER.date()).to_dicts()
    give(person, "{};K7;;")
    with Session(either_register) as session:
        (after,) = ot_data(session, "46", SKOLEAR, LATER.date()).to_dicts()
    assert after == {**before, "otenhet": "46200"}
    assert before["otenhet"] == "46201"


def test_a_mark_that_ends_brings_the_line_back_to_its_own_unit(either_register, give, person):
    give(person, "{};K6;2026-10-01;")
    assert give(person, "{};K6;2026-10-01;2026-10-20") == {"changed": 1, "moved": 1}
    (line,) = lines(either_register, person)
    assert (line.skjermet, line.otenhet) == (False, "46201")
    assert listed(either_register) == [person]


@pytest.mark.parametrize(
    "row", ["{};DOD;2026-10-01;", "{};K6;2026-11-01;", "{};K6;;2026-10-26", "{};FHS;;"]
)
def test_other_marks_and_other_days_put_nobody_aside(either_register, give, person, row):
    assert give(person, row)["moved"] == 0
    with Session(either_register) as session:
        assert not is_protected(session, NOW, person)
    assert listed(either_register) == [person]


def test_the_same_mark_again_is_unchanged_and_none_is_doubled(either_register, give, person):
    give(person, "{};K6;;")
    assert give(person, "{};K6;;", "{};UTV;2026-10-01;")["unchanged"] == 1
    with Session(either_register) as session:
        assert sorted(session.scalars(select(Personmerke.personmerke))) == ["K6", "UTV"]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("{};K8;;", "finnes ikke. Bruk et av K6, K7"),
        ("{};K6;1. mai;", "ÅÅÅÅ-MM-DD"),
        ("{};K6;2026-10-02;2026-10-01", "siste dagen er før den første"),
        ("12345678901;K6;;", "finnes ikke i registeret"),
        ("{};K6", "4 felt"),
    ],
)
def test_a_line_that_does_not_hold_is_named_and_nothing_is_changed(
    either_register, give, person, broken, says
):
    with pytest.raises(FileFault, match=says) as refused:
        give(person, "{};K7;;", broken)
    assert [line for line, _ in refused.value.faults] == [3]
    with Session(either_register) as session:
        assert session.scalars(select(Personmerke)).all() == []
        taken = select(Delivery).where(Delivery.deliverable == "reg-personmerker")
        assert session.scalars(taken).all() == []
    assert lines(either_register, person)[0].otenhet == "46201"


def test_whoever_a_dry_run_found_is_put_aside_as_well(either_register, give):
    person = adding(either_register, kurs=BROKE_OFF)
    asked = Transfer("46", SKOLEAR, OCTOBER.date())
    dry_run(either_register, asked, {Category.BROKEN_OFF: {}}, OCTOBER)
    assert listed(either_register, Listing.COMING) == [person]
    give(person, "{};K7;;")
    assert listed(either_register, Listing.COMING) == []
    with Session(either_register) as session:
        assert session.scalars(select(OtPaVei.person_id)).all() == [person]
