"""CR-FULL-05: completion codes spread otherwise than last year are told, group by group."""

from dataclasses import replace

import polars as pl
import pytest

from jobs.quality.derived.completion import COUNTS
from tests.jobs.frames import identity_number
from tests.jobs.quality.pupils import EXPECTED, KEY, controlled

PUPILS = 40


def last_year(passed, failed, school="46001", programme="STUSP1----"):
    rows = [(school, programme, "B", passed), (school, programme, "I", failed)]
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def told(path, before, passed=PUPILS, count=PUPILS):
    """The explanations for a file with so many pupils, of whom so many have passed."""
    numbers = [{"fodselsnummer": identity_number(n)} for n in range(count)]
    edits = {
        "elev": [
            {**number, "navn": f"Prøve, {chr(65 + n // 26)}{chr(97 + n % 26)}"}
            for n, number in enumerate(numbers)
        ],
        "kurs": [
            {**number, "fullfortkode": "B" if n < passed else "I"}
            for n, number in enumerate(numbers)
        ],
        "fag": [
            {**number, "standpunkt": "4" if n < passed else "1"} for n, number in enumerate(numbers)
        ],
    }
    expected = replace(EXPECTED, occasion="slutt", last_year=before)
    found = controlled(path, edits, expected).violations
    assert set(found["regel"]) <= {"CR-FULL-05"}
    return found


def test_a_share_far_from_last_years_is_told_of_school_programme_and_area(tmp_path):
    found = told(tmp_path / "file.txt", last_year(30, 10))
    assert found.height == 6  # two codes in three groups
    assert found["linje"].to_list() == [None] * 6
    assert set(found["alvor"]) == {"INFO"}
    school = found.filter(skolenummer=KEY["skolenummer"])["forklaring"].to_list()
    assert any("skole 46001, kode B: 100 % mot 75 % i fjor" in text for text in school)


@pytest.mark.parametrize(
    ("before", "passed"), [((38, 2), 39), ((30, 10), 30), ((380, 20), 40)], ids=str
)
def test_a_share_near_last_years_is_not(tmp_path, before, passed):
    assert told(tmp_path / "file.txt", last_year(*before), passed).is_empty()


def test_exactly_five_points_is_near(tmp_path):
    assert told(tmp_path / "file.txt", last_year(38, 2), PUPILS).is_empty()


@pytest.mark.parametrize(("before", "count"), [((20, 9), PUPILS), ((30, 10), 29)], ids=str)
def test_a_small_group_is_not_compared(tmp_path, before, count):
    assert told(tmp_path / "file.txt", last_year(*before), count, count).is_empty()


def test_a_group_that_was_not_there_is_not_compared(tmp_path):
    elsewhere = last_year(10, 30, "46002", "BABAT1----")
    assert told(tmp_path / "file.txt", elsewhere).is_empty()


def test_without_last_year_there_is_nothing_to_tell(tmp_path):
    assert told(tmp_path / "file.txt", pl.DataFrame(schema=COUNTS)).is_empty()
