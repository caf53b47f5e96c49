"""Sending: a sender's file, made as its deed says and put where the service finds it."""

from datetime import datetime
from pathlib import Path

from jobs.imports.intakes import intakes
from jobs.imports.layout import DEFAULT
from jobs.synth import write_extract, write_kind, write_private, write_year_end
from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.simulate.counties import DEFECTS, Deed, Flaw
from scheduler.simulate.files import Folder, cut_off

# The occasion of the pupils' file that has their results.
YEAR_END = "slutt"


def put(
    deed: Deed, calendar: Calendar, seed: int, data_dir: Path, now: datetime
) -> tuple[str, str, str]:
    """Put the file of a deed; returns its deliverable, sender and name."""
    deliverable, cycle, stage, county = deed.key.split("/")
    intake = intakes()[calendar.deliverables[deliverable].job or ""]
    people = seed + (deed.flaw is Flaw.STRANGER)
    defects = DEFECTS if deed.flaw is Flaw.DEFECTS else ()

    def write(path: Path) -> None:
        if county == NATIONAL:
            write_private(path, cycle, people, with_grades=intake.occasion == YEAR_END)
        elif intake.occasion == YEAR_END:
            write_year_end(path, county, cycle, people, defects=defects)
        elif intake.layout == DEFAULT:
            write_extract(path, county, cycle, people, defects=defects)
        else:
            period, written = intake.period.of(cycle), now.astimezone(OSLO).date()
            write_kind(path, intake.layout, county, period, written, people)
        if deed.flaw is Flaw.CUT_OFF:
            cut_off(path)

    name = f"{deliverable}_{county}_{cycle}_{stage}_{deed.number}.txt"
    Folder(data_dir, county, deliverable).put(name, write, now)
    return deliverable, county, name
