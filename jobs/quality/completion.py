"""Fullførtkode from a course's results: the handbook's B21 (2022), and E4 (2013) for adults.

B, I and M are for a whole programområde, anything less is H. Where a plan of one's own meets a
missing grade the handbook names no order: control rule CR-FULL-11 decides it here (I).
"""

from dataclasses import dataclass

NOT_PASSED = ("1", "IB")
NO_BASIS = "IV"
ABSENT = "IM"
OWN_PLAN_REMARK = "FAM05"
OWN_PLAN_SUBJECT = "IOP"
# Elevstatus of training in a firm, which has a fullførtkode of the same letter.
APPRENTICES = ("L", "K")


@dataclass(frozen=True, slots=True)
class Result:
    """A subject line's outcome; `grades` are those after the first term."""

    fagkode: str
    grades: frozenset[str] = frozenset()
    fagmerknad: str | None = None

    @property
    def own_plan(self) -> bool:
        """Whether the subject followed an individual plan, told by its code or by IV and FAM05."""
        excused = NO_BASIS in self.grades and self.fagmerknad == OWN_PLAN_REMARK
        return excused or self.fagkode.startswith(OWN_PLAN_SUBJECT)

    @property
    def failed(self) -> bool:
        return not self.grades.isdisjoint(NOT_PASSED)

    @property
    def lacks_grade(self) -> bool:
        """Whether the grade is missing for another reason than an individual plan."""
        no_basis = NO_BASIS in self.grades and self.fagmerknad != OWN_PLAN_REMARK
        return no_basis or ABSENT in self.grades


@dataclass(frozen=True, slots=True)
class Completion:
    """What the code follows from; `whole` tells that all of the programområde has been taught."""

    broken_off: bool
    elevstatus: str
    whole: bool
    results: tuple[Result, ...]


def fullfortkode(course: Completion) -> str:
    """Compute fullførtkode; X where nothing has been transferred."""
    if course.broken_off:
        return "S"
    if course.elevstatus in APPRENTICES:
        return course.elevstatus
    return _from_results(course) if course.results else "X"


def _from_results(course: Completion) -> str:
    failed = any(result.failed for result in course.results)
    lacks = any(result.lacks_grade for result in course.results)
    own_plan = any(result.own_plan for result in course.results)
    branches = (
        (course.whole and lacks and not failed, "M"),
        (own_plan, "A"),
        (not course.whole, "H"),
        (failed, "I"),
    )
    return next((code for holds, code in branches if holds), "B")
