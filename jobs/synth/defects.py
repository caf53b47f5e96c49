"""Defects on request: each changes one plain pupil so that exactly one rule is broken.

The lines that the rule must name are marked as they are made, so a test knows the answer without
asking the rules.
"""

from collections.abc import Callable, Mapping
from datetime import date

from jobs.identity import classify
from jobs.synth.pupil import Pupil

EXTRA_SUBJECTS = 61
AT_THE_END = 10_000_000  # added to a place in the file


def _wrong_check_digit(pupil: Pupil) -> None:
    number = pupil.elev[0]["fodselsnummer"]
    for row in pupil.lines:
        row["fodselsnummer"] = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    pupil.blame(*pupil.elev)


def _digit_in_name(pupil: Pupil) -> None:
    pupil.elev[0]["navn"] += " 4B"
    pupil.blame(*pupil.elev)


def _course_twice(pupil: Pupil) -> None:
    pupil.kurs.append(dict(pupil.kurs[0]))
    pupil.blame(*pupil.kurs)


def _same_name_and_birth_date(pupil: Pupil) -> None:
    number = _other_number(pupil.elev[0]["fodselsnummer"], int(pupil.year))
    for rows in (pupil.elev, pupil.kurs, pupil.fag):
        rows += [
            row | {"fodselsnummer": number, "eiernr": row["eiernr"] + AT_THE_END} for row in rows
        ]
    pupil.blame(*pupil.elev)


def _other_number(number: str, year: int) -> str:
    """Another number of the same birth date, the last one: extracts use the first ones."""
    birth, on = number[:6], date(year, 10, 5)
    candidates = (f"{birth}{last:05}" for last in range(99_999, 0, -1))
    return next(n for n in candidates if classify(n, on).kind is classify(number, on).kind)


def _two_running_courses(pupil: Pupil) -> None:
    pupil.kurs.append(pupil.kurs[0] | {"programomradekode": "STUSP1--Q-"})
    pupil.blame(*pupil.kurs)


def _code_without_dashes(pupil: Pupil) -> None:
    for row in [*pupil.kurs, *pupil.fag]:
        row["programomradekode"] = row["programomradekode"].strip("-")[:6]
    pupil.blame(*pupil.kurs)


def _unknown_school(pupil: Pupil) -> None:
    for row in [*pupil.kurs, *pupil.fag]:
        row["skolenummer"] = f"{pupil.county}099"
    pupil.blame(*pupil.kurs)


def _all_subjects_left_but_not_the_course(pupil: Pupil) -> None:
    for row in pupil.fag:
        row |= {"fagstatus": "S", "avbruddsdato": pupil.day("0910")}
    pupil.blame(*pupil.kurs)


def _left_before_starting(pupil: Pupil) -> None:
    pupil.leave(pupil.day("0901"))
    pupil.kurs[0]["startdato"] = pupil.day("0914")
    pupil.blame(*pupil.kurs)


def _subject_goes_on_after_break(pupil: Pupil) -> None:
    pupil.leave(pupil.day("0910"))
    pupil.fag[0] |= {"fagstatus": "E", "avbruddsdato": None}
    pupil.blame(pupil.fag[0])


def _subject_date_without_status(pupil: Pupil) -> None:
    pupil.fag[0] |= {"fagstatus": "E", "avbruddsdato": pupil.day("0910")}
    pupil.blame(pupil.fag[0])


def _reason_without_date(pupil: Pupil) -> None:
    pupil.kurs[0]["avbruddsarsak"] = "FL"
    pupil.blame(*pupil.kurs)


def _last_year(pupil: Pupil) -> None:
    year = int(pupil.year)
    for row in [*pupil.kurs, *pupil.fag]:
        row |= {"skolear": f"{year - 1}{year}"}
    pupil.kurs[0]["startdato"] = None
    pupil.blame(*pupil.kurs)


def _pupil_twice(pupil: Pupil) -> None:
    pupil.elev.append(dict(pupil.elev[0]))
    pupil.blame(*pupil.elev)


def _subject_twice(pupil: Pupil) -> None:
    pupil.fag.append(dict(pupil.fag[0]))
    pupil.blame(pupil.fag[0], pupil.fag[-1])


def _too_many_subjects(pupil: Pupil) -> None:
    pupil.fag += [pupil.fag[0] | {"fagkode": f"SYN{n:04}"} for n in range(EXTRA_SUBJECTS)]
    pupil.blame(*pupil.kurs)


def _course_without_pupil(pupil: Pupil) -> None:
    pupil.elev.clear()
    pupil.blame(*pupil.kurs)


def _subject_without_course(pupil: Pupil) -> None:
    pupil.fag[-1]["skolenummer"] = f"{pupil.county}000"
    pupil.blame(pupil.fag[-1])


def _no_name(pupil: Pupil) -> None:
    pupil.elev[0]["navn"] = None
    pupil.blame(*pupil.elev)


def _date_that_does_not_exist(pupil: Pupil) -> None:
    pupil.kurs[0]["startdato"] = pupil.day("0931")
    pupil.blame(*pupil.kurs)


def _unknown_malform(pupil: Pupil) -> None:
    pupil.kurs[0]["malform"] = "Q"
    pupil.blame(*pupil.kurs)


def _adult_without_adult_subjects(pupil: Pupil) -> None:
    pupil.kurs[0]["voksen"] = "J"
    pupil.blame(*pupil.kurs)


def _exchange_pupil(pupil: Pupil) -> None:
    for row in pupil.fag:
        row["fagstatus"] = "U"
    pupil.blame(*pupil.kurs)


def _private_candidate(pupil: Pupil) -> None:
    for row in pupil.fag:
        row["fagstatus"] = "P"


def _private_candidate_with_start(pupil: Pupil) -> None:
    _private_candidate(pupil)
    pupil.kurs[0]["startdato"] = pupil.day("0901")
    pupil.blame(*pupil.kurs)


def _private_candidate_leaves_a_subject(pupil: Pupil) -> None:
    _private_candidate(pupil)
    pupil.fag[0] |= {"fagstatus": "S", "avbruddsdato": pupil.day("0910")}
    pupil.blame(pupil.fag[0])


def _said_to_have_left(pupil: Pupil) -> None:
    pupil.kurs[0]["fullfortkode"] = "S"
    pupil.blame(*pupil.kurs)


def _no_hours(pupil: Pupil) -> None:
    pupil.fag[0] |= {"fagkode": "IOP1000", "timer": None}
    pupil.blame(pupil.fag[0])


def _plan_told_twice(pupil: Pupil) -> None:
    pupil.fag[0] |= {"fagkode": "IOP1000", "fagmerknad": "FAM05"}
    pupil.blame(pupil.fag[0])


def _unknown_completion(pupil: Pupil) -> None:
    pupil.kurs[0]["fullfortkode"] = "Q"
    pupil.blame(*pupil.kurs)


def _unknown_grade(pupil: Pupil) -> None:
    pupil.fag[0]["termin1"] = "8"
    pupil.blame(pupil.fag[0])


DEFECTS: Mapping[str, Callable[[Pupil], None]] = {
    "CR-FNR-01": _wrong_check_digit,
    "CR-NAME-01": _digit_in_name,
    "CR-DUP-01": _course_twice,
    "CR-DUP-02": _same_name_and_birth_date,
    "CR-KURS-01": _two_running_courses,
    "CR-KODE-02": _code_without_dashes,
    "CR-KODE-05": _unknown_school,
    "CR-STAT-01": _all_subjects_left_but_not_the_course,
    "CR-DATE-01": _left_before_starting,
    "CR-DATE-02": _subject_goes_on_after_break,
    "CR-DATE-06": _subject_date_without_status,
    "CR-DATE-09": _reason_without_date,
    "CR-STAT-03": _adult_without_adult_subjects,
    "CR-STAT-04": _exchange_pupil,
    "CR-DATE-05": _private_candidate_with_start,
    "CR-DATE-08": _private_candidate_leaves_a_subject,
    "CR-FULL-01": _unknown_completion,
    "CR-FULL-03": _said_to_have_left,
    "CR-TIMER-01": _no_hours,
    "CR-KAR-01": _unknown_grade,
    "CR-KAR-06": _plan_told_twice,
    "EGEN-AAR-01": _last_year,
    "EGEN-DUP-01": _pupil_twice,
    "EGEN-DUP-02": _subject_twice,
    "EGEN-FAG-01": _too_many_subjects,
    "EGEN-KOBL-01": _course_without_pupil,
    "EGEN-KOBL-02": _subject_without_course,
    "EGEN-FELT-01": _no_name,
    "EGEN-FELT-02": _date_that_does_not_exist,
    "EGEN-FELT-03": _unknown_malform,
}
