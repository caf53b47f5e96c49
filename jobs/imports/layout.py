"""The line-record format as data: records, numbered fields, evidence; declared once in layouts/.

The parser, the writer, the checks and the printed description all read this declaration.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from jobs.imports.keys import PERSON_NUMBER

FOLDER = Path(__file__).parent / "layouts"
SHARED = FOLDER / "shared"
DEFAULT = "sas3"
HEADER = "TOF"


class FieldType(StrEnum):
    """How a field's text is read; dates are ÅÅÅÅMMDD."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Field:
    """One numbered field. `exact` asks for the full length; `keep` is False for unloaded text.

    `codes` names a code list. `evidence` is P (published name and number) or I (ours).
    """

    nr: int
    name: str
    type: FieldType
    evidence: str
    meaning: str
    length: int = 8
    exact: bool = False
    required: bool = False
    codes: str = ""
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """One line type. `frame` names the table its lines become; the header has none.

    `owner` is the field that says whom a line belongs to: lines of one owner are judged together.
    """

    title: str
    fields: tuple[Field, ...]
    frame: str = ""
    owner: str = PERSON_NUMBER
    width: int = 0

    @property
    def field_count(self) -> int:
        """Fields on a line, the record type included."""
        return max(self.width, self.fields[-1].nr)


@dataclass(frozen=True, slots=True)
class Layout:
    """A numbering of the format for a kind of file (`dataset`), with the settings that are not public."""

    id: str
    title: str
    version: str
    evidence: str
    dataset: str
    notes: tuple[str, ...]
    separator: str
    encoding: str
    line_count: str
    records: dict[str, Record]

    def __post_init__(self) -> None:
        if len(self.separator_bytes) != 1:
            raise ValueError(f"{self.id}: the separator is one byte in {self.encoding}")

    @property
    def separator_bytes(self) -> bytes:
        return self.separator.encode(self.encoding)

    @property
    def header(self) -> Record:
        return self.records[HEADER]

    @property
    def data_records(self) -> dict[str, Record]:
        """The line types that carry rows, by record type."""
        return {name: record for name, record in self.records.items() if record.frame}

    @property
    def line_types(self) -> dict[str, str]:
        """The line type without its sign, by frame: "EL" for the lines that become "elev"."""
        return {record.frame: name.lstrip("$") for name, record in self.data_records.items()}

    def record_of(self, frame: str) -> tuple[str, Record]:
        """The record type whose lines become a frame, and its fields."""
        return next((n, r) for n, r in self.data_records.items() if r.frame == frame)

    @property
    def first_of_a_person(self) -> str:
        """The record type that a person's lines begin with."""
        return next(name for name, r in self.data_records.items() if r.owner == PERSON_NUMBER)


@cache
def load_layout(name: str = DEFAULT) -> Layout:
    """Read a declared layout; KeyError with the known names when there is no such layout."""
    if name not in layout_names():
        raise KeyError(f"Ukjent oppsett {name!r}; kjente: {', '.join(layout_names())}.")
    declared = _read(FOLDER / f"{name}.yaml")
    records = {
        kind: _read(SHARED / f"{record}.yaml") if isinstance(record, str) else record
        for kind, record in declared["records"].items()
    }
    return TypeAdapter(Layout).validate_python({**declared, "records": records})


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def layout_names() -> list[str]:
    """The declared layouts, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def line_types() -> dict[str, str]:
    """The line type of every frame of every layout, e.g. {"elev": "EL"}."""
    return {f: kind for name in layout_names() for f, kind in load_layout(name).line_types.items()}


@cache
def frame_columns(frame: str) -> dict[str, FieldType]:
    """A table's columns after the line number: the same whichever layout the file had."""
    records = [
        record
        for name in (DEFAULT, *layout_names())
        for record in load_layout(name).data_records.values()
        if record.frame == frame
    ]
    return {field.name: field.type for record in records for field in record.fields if field.keep}
