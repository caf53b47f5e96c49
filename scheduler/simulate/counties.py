"""Counties: what they and the national senders do in a school year, drawn from the seed; pure.

What a county does of one deadline depends on the seed and the deadline's key alone, so that a
fault, another county or another deadline changes nothing of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from random import Random

from jobs import JOBS
from jobs.api import StartsOn
from jobs.imports.intakes import intakes
from jobs.imports.layout import DEFAULT
from scheduler.calendar import Calendar, expand
from scheduler.calendar.occurrence import NATIONAL, Occurrence
from scheduler.calendar.workdays import Shift, Workdays
from scheduler.simulate.clock import in_oslo
from scheduler.simulate.scenario import Data

WORKDAYS = Workdays({})
# Each breaks one rule of the October control in one pupil.
DEFECTS = ("CR-DUP-01", "CR-DATE-01", "CR-KODE-05")
NOTHING_TO_SAY = "Ingenting er endret siden sist (simulert)."
NO_DATA = "Vi har ingen slike data i år (simulert)."


class What(StrEnum):
    """What somebody does of a deadline."""

    FILE = "file"
    NOTHING = "nothing"
    WAIVE = "waive"


class Flaw(StrEnum):
    """What is wrong with a file; `STRANGER` lists other people than the county had before."""

    NONE = ""
    CUT_OFF = "cut-off"
    DEFECTS = "defects"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """Something that is done about a deadline at an instant; `number` tells its files apart."""

    at: datetime
    key: str
    what: What
    number: int = 1
    flaw: Flaw = Flaw.NONE


# How often, in a hundred, a county goes which way; the rest is silent.
WAYS = {
    Data.SMALL: {"good": 66, "late": 8, "defects": 8, "cut": 6, "stranger": 4, "nothing": 4},
    Data.WHOLE: {"good": 100},
    Data.NONE: {"nothing": 76, "nothing-late": 10, "waive": 8},
}
WEEKLY = {"nothing": 96, "nothing-late": 2, "waive": 1}
# What those say who send no files, in a year where everybody answers.
ANSWERED = {"nothing": 100}


def deeds(calendar: Calendar, cycle: str, seed: int, data: Data) -> list[Deed]:
    """Everything that counties and senders do in a school year, in order of time."""
    found = [
        deed
        for occurrence in expand(calendar, cycle)
        if _arrives(calendar, occurrence)
        for deed in _of(calendar, occurrence, seed, data)
    ]
    return sorted(found)


def _arrives(calendar: Calendar, occurrence: Occurrence) -> bool:
    job = JOBS.get(calendar.deliverables[occurrence.deliverable].job or "")
    return job is not None and job.starts_on is StartsOn.ARRIVAL


def _of(calendar: Calendar, occurrence: Occurrence, seed: int, data: Data) -> Iterator[Deed]:
    chance = Random(f"{seed}/{occurrence.key}")  # noqa: S311 - a drawn world, no secret
    ways = _ways(calendar, occurrence, data)
    way = chance.choices([*ways, "silent"], [*ways.values(), 100 - sum(ways.values())])[0]
    early = _day(occurrence, -chance.choice((0, 1, 3, 6)))
    late = _day(occurrence, chance.randint(1, 8))
    key = occurrence.key
    match way:
        case "good":
            yield Deed(_morning(early), key, What.FILE)
        case "late":
            yield Deed(_morning(late), key, What.FILE)
        case "defects":
            yield Deed(_morning(early), key, What.FILE, 1, Flaw.DEFECTS)
            if chance.random() < 0.8:  # noqa: PLR2004 - most are corrected
                corrected = WORKDAYS.add(early, chance.randint(1, 9))
                yield Deed(_morning(corrected), key, What.FILE, 2)
        case "cut":
            yield Deed(_morning(early), key, What.FILE, 1, Flaw.CUT_OFF)
            yield Deed(_morning(WORKDAYS.add(early, 1)), key, What.FILE, 2)
        case "stranger":
            yield Deed(_morning(early), key, What.FILE, 1, Flaw.STRANGER)
        case "nothing":
            yield Deed(_noon(early), key, What.NOTHING)
        case "nothing-late":
            yield Deed(_noon(late), key, What.NOTHING)
        case "waive":
            yield Deed(_noon(late), key, What.WAIVE)


def _ways(calendar: Calendar, occurrence: Occurrence, data: Data) -> dict[str, int]:
    job = calendar.deliverables[occurrence.deliverable].job or ""
    whole = data is Data.WHOLE
    if calendar.deliverables[occurrence.deliverable].recurring and _is_changes(job):
        return ANSWERED if whole else WEEKLY
    if data is Data.NONE:
        return WAYS[Data.NONE]
    ways = WAYS[data]
    # Only the pupils' files can be sown with defects, and only a county's.
    if not whole and (occurrence.scope == NATIONAL or intakes()[job].layout != DEFAULT):
        return {"good": ways["good"] + ways["defects"] + ways["stranger"], "late": 8, "cut": 6}
    return ways


def _is_changes(job: str) -> bool:
    intake = intakes()[job]
    return not intake.full and intake.layout == DEFAULT


def _day(occurrence: Occurrence, working_days: int) -> date:
    """So many working days from the deadline, not before the window opens."""
    day = WORKDAYS.add(WORKDAYS.shift(occurrence.due, Shift.PRECEDING), working_days)
    return max(day, occurrence.opens or day)


def _morning(day: date) -> datetime:
    return in_oslo(day, 10)


def _noon(day: date) -> datetime:
    return in_oslo(day, 12)
