"""Elevstatus by the published algorithm of 2010, branch by branch."""

from dataclasses import replace

import pytest

from jobs.codelists import codes
from jobs.quality.status import DECIDING, PURE, Course, elevstatus
from tests.jobs.quality.pupils import controlled

ORDINARY = Course(broken_off=False, adult=False, apprenticeship=False, category="--", statuses="E")


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("", "X"),
        ("E", "E"),
        ("EFN", "E"),
        ("F", "E"),
        ("A", "A"),
        ("U", "U"),
        ("P", "P"),
        ("V", "V"),
        ("RV", "V"),
        ("O", "O"),
        ("S", "S"),
        ("H", "H"),
        ("I", "I"),
        ("FP", "P"),
        ("FS", "S"),
        ("PS", "P"),
        ("FPS", "P"),
        ("AE", "A"),
        ("AFS", "A"),
        ("EPS", "E"),
        ("NS", "E"),
        ("M", "M"),
        ("B", "E"),
        ("EG", "E"),
        ("OU", "X"),
    ],
)
def test_the_subjects_decide(statuses, expected):
    assert elevstatus(replace(ORDINARY, statuses=statuses)) == expected


def test_every_status_it_gives_is_in_the_list():
    assert {status for _, status in (*PURE, *DECIDING)} <= set(codes("elevstatus"))


def test_a_course_that_is_broken_off_is_s_whatever_the_subjects_say():
    assert elevstatus(replace(ORDINARY, broken_off=True, adult=True)) == "S"


def test_an_adult_is_v_before_the_subjects_are_asked():
    assert elevstatus(replace(ORDINARY, adult=True, statuses="A")) == "V"


@pytest.mark.parametrize(
    ("category", "expected"),
    [("--", "L"), ("G1", "L"), ("F2", "L"), ("K-", "K"), ("HT", "K"), ("MF", "X")],
)
def test_at_an_apprenticeship_unit_the_category_decides(category, expected):
    assert elevstatus(replace(ORDINARY, apprenticeship=True, category=category)) == expected


def test_a_file_without_elevstatus_gets_it_from_its_subjects(tmp_path):
    outcome = controlled(
        tmp_path / "file.txt", {"fag": [{}, {"fagkode": "ENG1007", "fagstatus": "A"}]}
    )
    assert outcome.frames["kurs"]["elevstatus"].to_list() == ["A"]
