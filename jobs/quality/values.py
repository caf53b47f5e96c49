"""Values that follow from a course's subject lines, as Statistics Norway says of them (P).

Its words leave the year's length, the full-year hours and the rounding open: those are ours (I).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# Fagstatus that count in kursprosent; S counts from a break after 1/11 of the year.
COUNTED = ("A", "E", "F", "G", "N", "O", "P", "R", "U", "V")
BROKEN_OFF = "S"
EXTRA_TEACHING = "B"
# 1/11 of the year, read as days from 1 August (I).
DAYS_BEFORE_BREAK_COUNTS = 365 // 11
# Full-year hours of 60 minutes (I): 842 in programmes for higher education, 981 in vocational ones.
GENERAL_PROGRAMMES = ("ST", "ID", "MD", "KD", "ME", "PB", "SS")
GENERAL_HOURS = 842
VOCATIONAL_HOURS = 981
NUMBER_GRADES = frozenset("123456")
ADULT = "V"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the sums see of a subject line; `timer` is its hours of 60 minutes in the year."""

    fagstatus: str | None
    timer: int | None
    avbruddsdato: date | None = None


def break_counts_from(skolear: str) -> date:
    """The first day of a school year ("20262027") from which a broken-off subject counts."""
    return date(int(skolear[:4]), 8, 1) + timedelta(days=DAYS_BEFORE_BREAK_COUNTS)


def hours(subjects: Iterable[Subject], skolear: str) -> int:
    """The hours of the subjects that count."""
    first_day = break_counts_from(skolear)
    return sum(subject.timer or 0 for subject in subjects if _counts(subject, first_day))


def _counts(subject: Subject, first_day: date) -> bool:
    if subject.fagstatus == BROKEN_OFF:
        return subject.avbruddsdato is not None and subject.avbruddsdato >= first_day
    return subject.fagstatus in COUNTED


def kursprosent(subjects: Iterable[Subject], programomradekode: str, skolear: str) -> int:
    """The hours that count, in whole per cent of the programme's full year."""
    general = programomradekode[:2] in GENERAL_PROGRAMMES
    full = GENERAL_HOURS if general else VOCATIONAL_HOURS
    return int(percent(hours(subjects, skolear), full))


def percent(part: Any, whole: Any) -> Any:
    """Whole per cent, rounded half up by whole numbers alone: for numbers and columns alike."""
    return (part * 200 + whole) // (whole * 2)


def antall_fag(subjects: Iterable[Subject]) -> int:
    """How many subjects a course has, mer opplæring apart."""
    return sum(subject.fagstatus != EXTRA_TEACHING for subject in subjects)


def karakterpoeng(grades: Iterable[str]) -> Decimal | None:
    """Ten times the mean of the number grades, to two decimals; None where there is none."""
    numbers = [int(grade) for grade in grades if grade in NUMBER_GRADES]
    if not numbers:
        return None
    mean = Decimal(10 * sum(numbers)) / len(numbers)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def fravar(elevstatus: str, amount: int | None) -> int | None:
    """Absence (days or hours) as it is reported: an adult's is not."""
    return None if elevstatus == ADULT else amount
