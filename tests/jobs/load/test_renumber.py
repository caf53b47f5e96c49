"""Changed identity numbers: one person stays one person, with all that was known of both."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.identity import SYNTHETIC_ONLY
from jobs.imports.lines import FileFault
from jobs.imports.number_changes import take_in
from jobs.register.history import as_of
from jobs.register.people import Person, PersonMerge, PersonNumber
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.renumber import superseded
from tests.jobs.frames import identity_number, pupils
from tests.jobs.registers import NOW, deliver

LATER = NOW + timedelta(days=3)
FREE = identity_number(99)


@pytest.fixture
def delivered(database, tmp_path):
    return partial(deliver, database, tmp_path / "work")


@pytest.fixture
def changes(database, tmp_path):
    """Take in a file of changes, each (old, new)."""

    def take(*pairs, head="gammelt;nytt;dato", day="2026-10-16"):
        file = tmp_path / "endringer.csv"
        lines = [head, *(f"{old};{new};{day}" for old, new in pairs)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return take_in(database, tmp_path, file, "Inntakskontoret", "vask", LATER, SYNTHETIC_ONLY)

    return take


def rows(database, model):
    with Session(database) as session:
        return session.scalars(select(model)).all()


def test_a_new_number_is_the_same_person_and_the_earlier_one_still_finds_it(
    database, delivered, changes
):
    delivered(pupils(3))
    assert changes((identity_number(0), FREE)) == Counter(renumbered=1)
    assert len(rows(database, Person)) == 3
    assert delivered(pupils(3))["nye"] == 0  # the school still writes the earlier number
    with database.connect() as connection:
        assert superseded(connection) == [(identity_number(0), FREE)]


def test_two_rows_that_are_one_person_become_one_with_the_courses_of_both(
    database, delivered, changes
):
    elev, kurs, fag = pupils(2)
    delivered((elev, kurs, fag))
    assert changes((identity_number(0), identity_number(1))) == Counter(merged=1)
    (person,) = rows(database, Person)
    assert {row.person_id for row in rows(database, Elevkurs)} == {person.id}
    assert len(rows(database, Elevkurs)) == 2
    assert {row.person_id for row in rows(database, PersonNumber)} == {person.id}
    (merge,) = rows(database, PersonMerge)
    assert (merge.kept_id, merge.actor, merge.why) == (person.id, "Inntakskontoret", "vask")


def test_of_the_same_course_under_two_numbers_the_last_delivered_is_kept(
    database, delivered, changes
):
    one, other = pupils(1), pupils(4)
    delivered(one)
    twin = tuple(frame.filter(frame["fodselsnummer"] == identity_number(3)) for frame in other)
    assert twin[1]["skolenummer"].to_list() == one[1]["skolenummer"].to_list()
    delivered(twin, full=False)
    changes((identity_number(0), identity_number(3)))
    (course,) = rows(database, Elevkurs)
    assert course.delivery_id == 2
    assert {row.elevkurs_id for row in rows(database, Faglinje)} == {course.id}
    assert len(rows(database, Faglinje)) == 2


def test_what_was_known_before_the_merge_can_still_be_asked_for(database, delivered, changes):
    delivered(pupils(2))
    changes((identity_number(0), identity_number(1)))
    with Session(database) as session:
        people = as_of(Person, NOW)
        courses = as_of(Elevkurs, NOW)
        assert len(session.execute(select(people)).all()) == 2
        assert len({row.person_id for row in session.execute(select(courses))}) == 2
        assert len({r.person_id for r in session.execute(select(as_of(Elevkurs, LATER)))}) == 1


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(FREE, identity_number(0))], "finnes ikke i registeret"),
        ([("12345", FREE)], "tidligere nummeret holder ikke"),
        ([(identity_number(0), identity_number(0))], "er det samme"),
    ],
)
def test_a_line_that_cannot_be_done_stops_the_whole_file(
    database, delivered, changes, pairs, words
):
    delivered(pupils(2))
    with pytest.raises(FileFault, match=words) as told:
        changes((identity_number(1), identity_number(98)), *pairs)
    assert all(number not in str(told.value) for pair in pairs for number in pair)
    assert {row.fodselsnummer for row in rows(database, Person)} == {
        identity_number(0),
        identity_number(1),
    }


def test_a_file_of_another_form_is_told_how_to_be_written(changes):
    with pytest.raises(FileFault, match="gammelt;nytt;dato"):
        changes(head="old,new")
    with pytest.raises(FileFault, match="ÅÅÅÅ-MM-DD"):
        changes((identity_number(0), FREE), day="16.10.2026")
    with pytest.raises(FileFault, match="fram i tid"):
        changes((identity_number(0), FREE), day="2027-10-16")
