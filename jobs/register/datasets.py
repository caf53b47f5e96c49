"""Datasets: what the lines of a file become in the register, declared once for each kind of file.

Staging, merging and the counts of a report all follow this declaration.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, exists, true

from jobs.imports.expected import NATIONAL
from jobs.imports.layout import frame_columns
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.tables import RegisterBase, School, natural_key, table_of

# What a line is given on its way, beside what the layout says of it.
GIVEN = ("fylkesnummer", "elevstatus")
LINEAGE = ("id", "delivery_id", "linje")


@dataclass(frozen=True)
class Target:
    """A frame's table: `key` makes a line one of its kind in a file; `parent` is the frame above.

    `parent_key` is the columns a line shares with its parent, `parent_id` the column of the table
    that holds the parent's id instead.
    """

    frame: str
    model: type[RegisterBase]
    key: tuple[str, ...]
    parent: str = ""
    parent_key: tuple[str, ...] = ()
    parent_id: str = ""

    @property
    def table(self) -> Table:
        return table_of(self.model)

    @property
    def holds_people(self) -> bool:
        return self.model is Person

    @cached_property
    def natural_key(self) -> tuple[str, ...]:
        """What makes a row one of its kind, without the parent's id."""
        return tuple(name for name in natural_key(self.table) if name != self.parent_id)

    @cached_property
    def columns(self) -> tuple[Column[Any], ...]:
        """The table's columns that a line of the file fills."""
        filled = {*frame_columns(self.frame), *GIVEN} - {*LINEAGE, self.parent_id}
        return tuple(c for c in self.table.columns if c.name in filled)

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that may differ between two deliveries of the same row."""
        return tuple(c.name for c in self.columns if c.name not in self.natural_key)


@dataclass(frozen=True)
class Dataset:
    """A kind of file: its targets, parents first, and the column that names its period.

    The targets under no other but the person's are what a full extract speaks for.
    """

    name: str
    targets: tuple[Target, ...]
    period: str = ""

    def target(self, frame: str) -> Target:
        return next(target for target in self.targets if target.frame == frame)

    def is_root(self, target: Target) -> bool:
        return not target.holds_people and (
            not target.parent or self.target(target.parent).holds_people
        )

    @property
    def roots(self) -> tuple[Target, ...]:
        return tuple(target for target in self.targets if self.is_root(target))

    def children(self, target: Target) -> tuple[Target, ...]:
        return tuple(other for other in self.targets if other.parent == target.frame)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a full extract speaks for: a county (or all), a period, and the owners of the schools.

    `period` is the value of the dataset's period column, e.g. "20262027".
    """

    dataset: Dataset
    fylkesnummer: str
    period: str
    eierform: str = ""

    def holds(self, target: Target) -> ColumnElement[bool]:
        """The rows of a root target in the extent."""
        columns = target.table.columns
        parts: list[ColumnElement[bool]] = [true()]
        if self.fylkesnummer != NATIONAL:
            parts.append(columns["fylkesnummer"] == self.fylkesnummer)
        if self.dataset.period in columns:
            parts.append(columns[self.dataset.period] == self.period)
        if self.eierform and "skolenummer" in columns:
            # Not IN: SQLite would look in the index once for every school of the country and pupil.
            same = School.skolenummer == columns["skolenummer"]
            parts.append(exists().where(same, School.eierform == self.eierform))
        return and_(*parts)


KURS_KEY = ("fodselsnummer", "skolear", "skolenummer", "programomradekode")
SCHOOL = Dataset(
    "school",
    (
        Target("elev", Person, KURS_KEY[:1]),
        Target("kurs", Elevkurs, KURS_KEY, "elev", KURS_KEY[:1], "person_id"),
        Target(
            "fag",
            Faglinje,
            (*KURS_KEY, "fagkode", "eksamenstermin"),
            "kurs",
            KURS_KEY,
            "elevkurs_id",
        ),
    ),
    period="skolear",
)
DATASETS = {dataset.name: dataset for dataset in (SCHOOL,)}
