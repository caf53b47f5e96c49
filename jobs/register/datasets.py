"""Datasets: what the lines of a file become in the register, declared once for each kind of file.

Staging, merging and the counts of a report all follow this declaration.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, exists, true

from jobs.imports.expected import NATIONAL
from jobs.imports.keys import FIRM_KEY, KURS_KEY, PERSON_KEY, SOKER_KEY
from jobs.imports.layout import frame_columns
from jobs.register.adults import Kompetanse, Voksensoknad
from jobs.register.applicants import Onske, Soker
from jobs.register.apprentices import Bedrift, Bedriftsfag, Kontrakt, Opplaringskontor, Prove
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.tables import RegisterBase, School, natural_key, table_of

# What a line is given on its way, beside what the layout says of it.
GIVEN = ("fylkesnummer", "elevstatus")
LINEAGE = ("id", "delivery_id", "linje")


@dataclass(frozen=True)
class Target:
    """A frame's table: `key` makes a line one of its kind in a file; `parent` is the frame above.

    The first column of a key is the owner of the line. `many` is what people call the rows. A full
    file does not end `lasting` rows: what has been reached once stays so.
    `parent_key` is the columns a line shares with its parent, `parent_id` the column of the table
    that holds the parent's id instead.
    """

    frame: str
    model: type[RegisterBase]
    many: str
    key: tuple[str, ...]
    parent: str = ""
    parent_key: tuple[str, ...] = ()
    parent_id: str = ""
    lasting: bool = False

    @property
    def table(self) -> Table:
        return table_of(self.model)

    @property
    def owner(self) -> str:
        return self.key[0]

    @property
    def distinct(self) -> str:
        """The field that tells a line from the others under the same parent."""
        return next((name for name in self.key if name not in self.parent_key), self.owner)

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

    The targets under no other but the person's are what a full extract speaks for, lasting ones not.
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
        return tuple(t for t in self.targets if self.is_root(t) and not t.lasting)

    @property
    def owners(self) -> tuple[Target, ...]:
        """The targets whose rows own the lines below them."""
        return tuple(target for target in self.targets if not target.parent)

    @property
    def dated(self) -> tuple[str, str] | None:
        """The frame and the field that name a line's period."""
        dated = (t.frame for t in self.roots if self.period in t.table.columns)
        return next(((frame, self.period) for frame in dated), None)

    def without_period(self, period: str) -> str:
        """What is wrong with a file that has no line of a period ("20262027" or "2027")."""
        root = self.target(self.dated[0]) if self.dated else self.targets[0]
        year = f"skoleåret {period[:4]}–{period[4:]}" if period[4:] else f"søkeråret {period}"
        return f"Filen har ingen {root.many} fra {year}. Ta ut riktig år."

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


PERSON = Target("person", Person, "personer", PERSON_KEY)


def _of_person(
    frame: str, model: type[RegisterBase], many: str, *key: str, lasting: bool = False
) -> Target:
    own = (*PERSON_KEY, *key)
    return Target(frame, model, many, own, "person", PERSON_KEY, "person_id", lasting)


SCHOOL = Dataset(
    "school",
    (
        Target("elev", Person, "elever", PERSON_KEY),
        Target("kurs", Elevkurs, "elevkurs", KURS_KEY, "elev", PERSON_KEY, "person_id"),
        Target(
            "fag",
            Faglinje,
            "faglinjer",
            (*KURS_KEY, "fagkode", "eksamenstermin"),
            "kurs",
            KURS_KEY,
            "elevkurs_id",
        ),
    ),
    period="skolear",
)
ADULTS = Dataset(
    "adults",
    (
        PERSON,
        _of_person("soknad", Voksensoknad, "voksensøknader", "soknadsnummer"),
        _of_person("kompetanse", Kompetanse, "oppnådde kompetanser", "kompetanse", lasting=True),
    ),
    period="skolear",
)
APPLICANTS = Dataset(
    "applicants",
    (
        PERSON,
        _of_person("soker", Soker, "søkere", "sokerar"),
        Target(
            "onske", Onske, "ønsker", (*SOKER_KEY, "onskenummer"), "soker", SOKER_KEY, "soker_id"
        ),
    ),
    period="sokerar",
)
APPRENTICES = Dataset(
    "apprentices",
    (
        PERSON,
        _of_person("kontrakt", Kontrakt, "kontrakter", "kontraktsnummer"),
        _of_person("prove", Prove, "prøver", "programomradekode", "provetype", "provenummer"),
        Target("bedrift", Bedrift, "lærebedrifter", FIRM_KEY),
        Target(
            "bedriftsfag",
            Bedriftsfag,
            "godkjente lærefag",
            (*FIRM_KEY, "programomradekode"),
            "bedrift",
            FIRM_KEY,
            "bedrift_id",
        ),
        Target("kontor", Opplaringskontor, "opplæringskontorer", FIRM_KEY),
    ),
)
DATASETS = {dataset.name: dataset for dataset in (SCHOOL, ADULTS, APPLICANTS, APPRENTICES)}
