"""Elevstatus from fagstatus: the published algorithm of 2010 (Vedlegg 1), first match wins.

Its end is cut off in the public source; steps marked I are our own closing of it.
"""

from dataclasses import dataclass

APPRENTICE_CATEGORIES = ("--", "G-", "G1", "G2", "V-", "F")
CANDIDATE_CATEGORIES = ("I-", "K-", "K1", "K2", "H")
# Steps 5-13: the whole course has subjects of these kinds only.
PURE = (
    ("EFN", "E"),
    ("A", "A"),
    ("U", "U"),
    ("P", "P"),
    ("VR", "V"),
    ("O", "O"),
    ("S", "S"),
    ("H", "H"),
    ("I", "I"),
    ("FP", "P"),  # 14: mixtures
    ("SF", "S"),
    ("SFP", "P"),
    ("M", "M"),  # I: the 2022 list adds fagopplæring i skole
)
# Step 15: any of these decides, whatever S, F and P stand beside it.
DECIDING = (
    ("A", "A"),
    ("E", "E"),
    ("N", "E"),
    ("VR", "V"),  # I: 2022, at least one subject V or R
    ("GB", "E"),  # I: approved earlier and meropplæring belong to an ordinary pupil
)


@dataclass(frozen=True, slots=True)
class Course:
    """What the algorithm sees of an elevkurs; `statuses` are its distinct fagstatus letters."""

    broken_off: bool
    adult: bool
    apprenticeship: bool
    category: str
    statuses: str


def elevstatus(course: Course) -> str:
    """Compute elevstatus; X when it cannot be decided."""
    if course.broken_off:
        return "S"
    if course.adult:
        return "V"
    if course.apprenticeship:
        return _apprentice(course.category)
    return _from_subjects(frozenset(course.statuses))


def _apprentice(category: str) -> str:
    if category.startswith(APPRENTICE_CATEGORIES):
        return "L"
    return "K" if category.startswith(CANDIDATE_CATEGORIES) else "X"


def _from_subjects(statuses: frozenset[str]) -> str:
    if not statuses:
        return "X"
    pure = (status for letters, status in PURE if statuses <= set(letters))
    deciding = (status for letters, status in DECIDING if statuses & set(letters))
    return next(pure, None) or next(deciding, "X")
