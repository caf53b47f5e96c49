"""Fullførtkode, row by row of the handbook's table, and at one with the control rules."""

from dataclasses import replace
from itertools import product

import pytest

from jobs.codelists import codes
from jobs.imports.control import Expected
from jobs.quality.completion import Completion, Result, fullfortkode
from tests.jobs.quality.pupils import broken, controlled

YEAR_END = Expected("46", "20262027", occasion="slutt")
PASSED = Result("NOR1260", frozenset("4"))
FAILED = Result("MAT1019", frozenset("1"))
NO_BASIS = Result("MAT1019", frozenset(["IV"]))
ABSENT = Result("MAT1019", frozenset(["IM"]), "FAM29")
EXCUSED = Result("MAT1019", frozenset(["IV"]), "FAM05")
PLAN = Result("IOP1000", frozenset())
WHOLE = Completion(broken_off=False, elevstatus="E", whole=True, results=(PASSED,))
IN_PROGRESS = replace(WHOLE, whole=False)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([PASSED], "B"),
        ([PASSED, FAILED], "I"),
        ([PASSED, Result("TRE2001", frozenset(["IB"]))], "I"),
        ([PASSED, Result("MAT1019", frozenset("14"))], "I"),
        ([PASSED, NO_BASIS], "M"),
        ([PASSED, ABSENT], "M"),
        ([FAILED, NO_BASIS], "I"),
        ([PASSED, EXCUSED], "A"),
        ([PASSED, PLAN], "A"),
        ([FAILED, PLAN], "A"),
        ([NO_BASIS, PLAN], "M"),
        ([Result("NOR1260", frozenset(["B", "GK"]))], "B"),
        ([], "X"),
    ],
)
def test_a_whole_programme_is_judged_by_its_results(results, expected):
    assert fullfortkode(replace(WHOLE, results=tuple(results))) == expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([PASSED], "H"),
        ([FAILED], "H"),
        ([NO_BASIS], "H"),
        ([EXCUSED], "A"),
        ([PLAN], "A"),
        ([], "X"),
    ],
)
@pytest.mark.parametrize("elevstatus", ["E", "V", "D"])
def test_less_than_a_whole_programme_is_still_in_progress(results, expected, elevstatus):
    course = replace(IN_PROGRESS, elevstatus=elevstatus, results=tuple(results))
    assert fullfortkode(course) == expected


@pytest.mark.parametrize("elevstatus", ["E", "L", "V"])
@pytest.mark.parametrize("results", [(PASSED,), (PLAN,), ()])
def test_a_broken_off_course_is_s(elevstatus, results):
    course = replace(WHOLE, broken_off=True, elevstatus=elevstatus, results=results)
    assert fullfortkode(course) == "S"


@pytest.mark.parametrize("elevstatus", ["L", "K"])
def test_only_training_in_a_firm_has_its_own_codes(elevstatus):
    assert fullfortkode(replace(WHOLE, elevstatus=elevstatus)) == elevstatus


def test_every_code_is_given_and_stands_in_the_list():
    shapes = product(
        (False, True),
        codes("elevstatus"),
        (False, True),
        ((), (PASSED,), (FAILED,), (NO_BASIS,), (PLAN,)),
    )
    assert {fullfortkode(Completion(*shape)) for shape in shapes} == set(codes("fullfortkode"))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "second",
    [PASSED, FAILED, NO_BASIS, ABSENT, EXCUSED],
    ids=lambda result: "+".join(result.grades),
)
def test_a_computed_code_breaks_no_rule_of_completion(tmp_path, second, whole):
    adult = {} if whole else {"voksen": "J"}
    status = "E" if whole else "V"
    course = Completion(broken_off=False, elevstatus=status, whole=whole, results=(PASSED, second))
    fag = [
        {
            "fagkode": result.fagkode if n == 0 else "ENG1007",
            "standpunkt": "".join(result.grades),
            "fagmerknad": result.fagmerknad or "",
            "fagstatus": status,
        }
        for n, result in enumerate(course.results)
    ]
    kurs = {"fullfortkode": fullfortkode(course), **adult}
    outcome = controlled(tmp_path / "file.txt", {"kurs": kurs, "fag": fag}, YEAR_END)
    # An individual plan is expected in other programme categories and with elevstatus A.
    found = {rule for rule, _ in broken(outcome)} - {"CR-FULL-07", "CR-FULL-08"}
    assert found == set()
