"""The sums of a course's subject lines, row by row of what Statistics Norway says of them."""

from datetime import date
from decimal import Decimal

import pytest

from jobs.codelists import codes
from jobs.quality.values import (
    BROKEN_OFF,
    COUNTED,
    EXTRA_TEACHING,
    Subject,
    antall_fag,
    break_counts_from,
    fravar,
    hours,
    karakterpoeng,
    kursprosent,
    percent,
)

YEAR = "20262027"
GENERAL, VOCATIONAL = "STUSP1----", "BABAT1----"


@pytest.mark.parametrize("status", sorted("AEFGNOPRUV"))
def test_the_hours_of_a_counted_status_count(status):
    assert hours([Subject(status, 140)], YEAR) == 140


@pytest.mark.parametrize("status", ["B", "H", "I", "M", None])
def test_the_hours_of_any_other_status_do_not(status):
    assert hours([Subject(status, 140), Subject("E", 84)], YEAR) == 84


def test_every_status_is_decided_on():
    others = {"B", "H", "I", "M", BROKEN_OFF}
    assert set(codes("fagstatus")) == set(COUNTED) | others
    assert EXTRA_TEACHING in others


@pytest.mark.parametrize(
    ("broken_off", "counted"),
    [
        (date(2026, 9, 2), 0),
        (date(2026, 9, 3), 140),
        (date(2027, 3, 1), 140),
        (None, 0),
    ],
)
def test_a_broken_off_subject_counts_from_one_eleventh_of_the_year(broken_off, counted):
    assert break_counts_from(YEAR) == date(2026, 9, 3)
    assert hours([Subject("S", 140, broken_off)], YEAR) == counted


def test_a_subject_that_goes_on_counts_whatever_its_date():
    assert hours([Subject("E", 140, date(2026, 8, 20))], YEAR) == 140


@pytest.mark.parametrize(
    ("programme", "taught", "expected"),
    [
        (GENERAL, 842, 100),
        (GENERAL, 421, 50),
        (GENERAL, 0, 0),
        (GENERAL, None, 0),
        (VOCATIONAL, 981, 100),
        (VOCATIONAL, 842, 86),
        ("PBPBY3----", 842, 100),
        (GENERAL, 1263, 150),
    ],
)
def test_the_per_cent_is_of_the_full_year_of_the_programme(programme, taught, expected):
    assert kursprosent([Subject("E", taught)], programme, YEAR) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 8, 13), (3, 8, 38), (1, 9, 11), (0, 9, 0), (17, 8, 213)]
)
def test_half_a_per_cent_is_rounded_up(part, whole, expected):
    assert percent(part, whole) == expected


def test_subjects_are_counted_but_for_mer_opplaering():
    statuses = ["E", "S", "F", "B", "M", None]
    assert antall_fag([Subject(status, None) for status in statuses]) == 5
    assert antall_fag([]) == 0


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (["4", "5"], "45.00"),
        (["1", "6", "6"], "43.33"),
        (["5", "5", "6"], "53.33"),
        (["4", "4", "4", "5", "5", "5", "5", "5"], "46.25"),
        (["3", "IV", "B", "F", "GK"], "30.00"),
    ],
)
def test_points_are_ten_times_the_mean_of_the_number_grades(grades, expected):
    assert karakterpoeng(grades) == Decimal(expected)


def test_without_number_grades_there_are_no_points():
    assert karakterpoeng(["IV", "F"]) is None
    assert karakterpoeng([]) is None


def test_number_grades_are_in_the_list_and_no_other_grade_has_a_number():
    numbers = [grade for grade in codes("karakter") if karakterpoeng([grade]) is not None]
    assert numbers == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("status", [status for status in codes("elevstatus") if status != "V"])
def test_absence_is_reported(status):
    assert fravar(status, 12) == 12
    assert fravar(status, None) is None


def test_an_adults_absence_is_not():
    assert fravar("V", 12) is None
