"""Intakes: what each import job takes in, declared in intakes.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from jobs.imports.expected import NATIONAL
from jobs.imports.layout import DEFAULT, load_layout
from jobs.register.datasets import DATASETS, Dataset, Extent
from scheduler.calendar.occurrence import NATIONAL as COUNTRY

FILE = Path(__file__).with_name("intakes.yaml")


class Period(StrEnum):
    """The year a file speaks for, seen from the school year its deadline lies in."""

    SCHOOL_YEAR = "skolear"
    LAST_SCHOOL_YEAR = "forrige"
    AUTUMN = "host"
    SPRING = "var"

    def of(self, cycle: str) -> str:
        """Give the year of a school year ("2026-2027") as in a file: "20262027", or "2027"."""
        first, last = cycle.split("-")
        years = {
            Period.SCHOOL_YEAR: first + last,
            Period.LAST_SCHOOL_YEAR: f"{int(first) - 1}{first}",
            Period.AUTUMN: first,
            Period.SPRING: last,
        }
        return years[self]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a job takes in: the kind of file (its layout), for which occasion, of whose schools.

    `full` files speak for their whole extent and end what they lack. `most_ended` and
    `most_set_aside` are the shares, of what is held and of what was delivered, above which a person
    must say yes.
    """

    job: str
    title: str
    occasion: str
    series: str
    order: int = 0
    full: bool = True
    layout: str = DEFAULT
    period: Period = Period.SCHOOL_YEAR
    eierform: str = ""
    most_ended: float = 0.05
    most_set_aside: float = 0.10

    @property
    def dataset(self) -> Dataset:
        return DATASETS[load_layout(self.layout).dataset]

    def extent(self, scope: str, cycle: str) -> Extent:
        """What a file of the scope ("46", "national") and school year ("2026-2027") speaks for."""
        county = NATIONAL if scope == COUNTRY else scope
        return Extent(self.dataset, county, self.period.of(cycle), self.eierform)


@cache
def intakes() -> dict[str, Intake]:
    """The declared intakes, by job."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {intake.job: intake for intake in TypeAdapter(tuple[Intake, ...]).validate_python(rows)}


def jobs_of(dataset: Dataset) -> list[str]:
    """The jobs that take in files of a kind."""
    return [intake.job for intake in intakes().values() if intake.dataset is dataset]


def with_series(group: Sequence[Intake]) -> list[Intake]:
    """Everything that is taken in to the series of some intakes, in whatever order."""
    series = {intake.series for intake in group}
    return [intake for intake in intakes().values() if intake.series in series]


def later_jobs(intake: Intake) -> list[str]:
    """The jobs whose complete extracts come after this one's in the same series."""
    return [
        other.job
        for other in intakes().values()
        if other.full and other.series == intake.series and other.order > intake.order
    ]
