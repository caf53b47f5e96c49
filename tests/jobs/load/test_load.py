"""Loading a delivery: the register holds what the newest file says, and touches only what differs."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.imports.would_end import Ending
from jobs.register.datasets import SCHOOL, Extent
from jobs.register.people import Person, PersonNumber
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.tables import Delivery, Quarantine, SchoolCount, Violation, ViolationCount
from tests.jobs.frames import SKOLEAR, identity_number, pupils, quarantined, violations
from tests.jobs.registers import deliver, ending


@pytest.fixture
def delivered(database, tmp_path):
    """Deliver frames as the next file of a county; returns what the load touched."""
    return partial(deliver, database, tmp_path / "work")


def _rows(database, model):
    with Session(database) as session:
        return session.scalars(select(model).order_by(model.id)).all()


def test_the_first_delivery_fills_the_register(database, delivered):
    assert delivered(pupils(20)) == {"nye": 20 + 20 + 40, "endret": 0, "avsluttet": 0}
    person = _rows(database, Person)[0]
    assert (person.navn, person.linje) == ("Øst-Ås, Prøve0", 2)
    subject = _rows(database, Faglinje)[0]
    assert (subject.startdato, subject.timer) == (date(2026, 8, 17), 113)
    assert subject.eksamenstermin == ""


def test_the_same_content_again_touches_no_row(database, delivered):
    delivered(pupils(20))
    assert delivered(pupils(20)) == {"nye": 0, "endret": 0, "avsluttet": 0}
    assert {row.delivery_id for row in _rows(database, Faglinje)} == {1}
    assert {row.delivery_id for row in _rows(database, Elevkurs)} == {1}


def test_a_changed_row_takes_its_values_and_its_line_from_the_new_delivery(database, delivered):
    delivered(pupils(20))
    quit_school = {"avbruddsdato": date(2026, 9, 30), "avbruddsarsak": "FL", "elevstatus": "S"}
    touched = delivered(pupils(20, changes={3: quit_school}))
    assert touched == {"nye": 0, "endret": 1, "avsluttet": 0}
    from_second = [row for row in _rows(database, Elevkurs) if row.delivery_id == 2]
    assert [(row.avbruddsdato, row.elevstatus) for row in from_second] == [(date(2026, 9, 30), "S")]


def test_a_value_that_is_emptied_counts_as_a_change(delivered):
    delivered(pupils(20, changes={3: {"klasse": "1STB"}}))
    assert delivered(pupils(20, changes={3: {"klasse": None}}))["endret"] == 1


def test_new_pupils_and_subjects_are_added(database, delivered):
    delivered(pupils(20))
    touched = delivered(pupils(21, extra_subjects=("ENG1007",)))
    assert touched == {"nye": 1 + 1 + 2 + 21, "endret": 0, "avsluttet": 0}
    assert len(_rows(database, Faglinje)) == 63


def test_what_the_newest_file_lacks_is_ended_and_the_person_stays(database, delivered):
    delivered(pupils(20))
    assert delivered(pupils(19))["avsluttet"] == 1 + 2
    assert len(_rows(database, Elevkurs)) == 19
    assert len(_rows(database, Faglinje)) == 38
    assert len(_rows(database, Person)) == 20


def test_a_subject_the_newest_file_lacks_is_ended_alone(database, delivered):
    delivered(pupils(20))
    elev, kurs, fag = pupils(20)
    assert delivered((elev, kurs, fag[1:]))["avsluttet"] == 1
    assert len(_rows(database, Elevkurs)) == 20
    assert len(_rows(database, Faglinje)) == 39


def test_an_incremental_file_ends_nothing(database, delivered):
    delivered(pupils(20))
    quit_school = {"avbruddsdato": date(2026, 9, 30), "avbruddsarsak": "FL"}
    elev, kurs, fag = pupils(2, changes={1: quit_school})
    touched = delivered((elev, kurs, fag[:3]), full=False)
    assert touched == {"nye": 0, "endret": 1, "avsluttet": 0}
    assert len(_rows(database, Faglinje)) == 40


def test_a_county_never_ends_another_countys_rows(database, delivered):
    delivered(pupils(20))
    oslo = Extent(SCHOOL, "03", SKOLEAR, "offentlig")
    assert delivered(pupils(2, county="03"), oslo)["avsluttet"] == 0
    assert len(_rows(database, Elevkurs)) == 22


def test_another_school_year_is_left_alone(database, delivered):
    delivered(pupils(20))
    next_year = [
        frame.with_columns(skolear=frame["skolear"].str.replace(".*", "20272028"))
        if "skolear" in frame.columns
        else frame
        for frame in pupils(10)
    ]
    delivered(next_year, Extent(SCHOOL, "46", "20272028", "offentlig"))
    assert len(_rows(database, Elevkurs)) == 30


def test_the_older_delivery_is_superseded(database, delivered):
    delivered(pupils(20))
    delivered(pupils(20))
    assert [row.state for row in _rows(database, Delivery)] == ["superseded", "loaded"]


def test_a_subject_given_twice_is_loaded_once_and_reported_by_line(database, delivered):
    elev, kurs, fag = pupils(2)
    twice = fag.vstack(fag[:1].with_columns(linje=fag["linje"][:1] + 100))
    delivered((elev, kurs, twice))
    (violation,) = _rows(database, Violation)
    assert (violation.regel, violation.linje) == ("REG-DUP-01", fag["linje"][0] + 100)
    assert len(_rows(database, Faglinje)) == 4


def test_violations_and_lines_set_aside_are_kept_with_the_delivery(database, delivered):
    broken = violations(
        {"regel": "CR-DATE-01", "alvor": "ERROR", "linje": 9, "linjetype": "EK", "forklaring": "x"}
    )
    delivered(
        pupils(2),
        broken=broken,
        set_aside=quarantined({"linje": 9, "raw": "$EK;…", "regler": "CR-DATE-01"}),
    )
    assert [row.linje for row in _rows(database, Violation)] == [9]
    assert [row.raw for row in _rows(database, Quarantine)] == ["$EK;…"]


def test_a_line_without_its_parent_stops_the_load_and_changes_nothing(database, delivered):
    elev, kurs, fag = pupils(3)
    with pytest.raises(ValueError, match="mangler forelder"):
        delivered((elev[:2], kurs, fag))
    assert _rows(database, Person) == []
    assert [row.state for row in _rows(database, Delivery)] == ["waiting"]


def test_a_load_that_failed_leaves_the_connection_fit_for_the_next(delivered):
    elev, kurs, fag = pupils(3)
    with pytest.raises(ValueError, match="mangler forelder"):
        delivered((elev[:2], kurs, fag))
    assert delivered(pupils(3))["nye"] == 12


@pytest.mark.parametrize(("count", "missing"), [(20, 0), (19, 1), (10, 10)])
def test_the_share_that_would_end_is_known_before_the_load(
    database, delivered, tmp_path, count, missing
):
    delivered(pupils(20))
    found = ending(database, tmp_path / "work", pupils(count))
    assert (found.missing, found.held, found.emptied) == (missing, 20, ())


def test_a_school_that_vanishes_is_named_though_few_are_missing(database, delivered, tmp_path):
    elev, kurs, fag = pupils(60)
    delivered((elev, kurs, fag))
    kept = kurs.filter(kurs["skolenummer"] != "46003")
    found = ending(
        database,
        tmp_path / "work",
        (elev, kept, fag.join(kept, on=["fodselsnummer", "skolenummer"], how="semi")),
    )
    assert found.emptied == ("46003",)
    assert found.is_too_much(limit=1.0)


def test_one_in_twenty_may_end_and_no_more():
    assert not Ending(1, 20).is_too_much(0.05)
    assert Ending(2, 20).is_too_much(0.05)
    assert not Ending(0, 0).is_too_much(0.05)


def test_every_person_has_the_number_in_use_as_an_alias(database, delivered):
    delivered(pupils(3))
    people = {row.fodselsnummer: row.id for row in _rows(database, Person)}
    with Session(database) as session:
        numbers = session.scalars(select(PersonNumber)).all()
    assert {number.fodselsnummer: number.person_id for number in numbers} == people


def test_lines_are_counted_by_school_and_broken_rules_too(database, delivered):
    broken = violations(
        {"regel": "A", "alvor": "WARN", "linje": 3, "skolenummer": "46001", "forklaring": "x"},
        {"regel": "A", "alvor": "WARN", "linje": 4, "skolenummer": "46001", "forklaring": "x"},
        {"regel": "A", "alvor": "WARN", "linje": 2, "forklaring": "x"},
    )
    delivered(pupils(3), broken=broken)
    with Session(database) as session:
        lines = session.scalars(select(SchoolCount)).all()
        rules = session.scalars(select(ViolationCount)).all()
    assert {(row.skolenummer, row.frame): row.antall for row in lines} == {
        (f"4600{n}", frame): count for n in (1, 2, 3) for frame, count in (("kurs", 1), ("fag", 2))
    }
    assert {(row.regel, row.skolenummer): row.antall for row in rules} == {
        ("A", "46001"): 2,
        ("A", ""): 1,
    }


def test_a_line_set_aside_is_closed_by_what_the_next_file_says_of_its_owner(database, delivered):
    owners = {2: identity_number(0), 3: identity_number(90), 4: identity_number(91)}
    aside = [{"linje": n, "raw": "x", "regler": "A", "eier": who} for n, who in owners.items()]
    delivered(pupils(2), set_aside=quarantined(*aside))
    delivered(pupils(2), set_aside=quarantined({**aside[1], "linje": 9}))
    outcomes = {(row.delivery_id, row.linje): row.outcome for row in _rows(database, Quarantine)}
    assert outcomes == {(1, 2): "mended", (1, 3): "again", (1, 4): "gone", (2, 9): "open"}


def test_a_pupil_set_aside_keeps_what_the_register_held(database, delivered, tmp_path):
    delivered(pupils(20))
    aside = quarantined({"linje": 2, "raw": "x", "regler": "A", "eier": identity_number(19)})
    assert ending(database, tmp_path / "work", pupils(19)).missing == 1
    assert delivered(pupils(19), set_aside=aside)["avsluttet"] == 0
    assert len(_rows(database, Elevkurs)) == 20
