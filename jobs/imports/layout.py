"""The line-record format as data: records, numbered fields, evidence; declared once in layouts/.

The parser, the writer, the checks and the printed description all read this declaration.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FOLDER = Path(__file__).parent / "layouts"
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
    """One line type. `frame` names the table its lines become; the header has none."""

    title: str
    fields: tuple[Field, ...]
    frame: str = ""
    width: int = 0

    @property
    def field_count(self) -> int:
        """Fields on a line, the record type included."""
        return max(self.width, self.fields[-1].nr)


@dataclass(frozen=True, slots=True)
class Layout:
    """A numbering of the format, with the settings that are not public."""

    id: str
    title: str
    version: str
    evidence: str
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


@cache
def load_layout(name: str = DEFAULT) -> Layout:
    """Read a declared layout; KeyError with the known names when there is no such layout."""
    if name not in layout_names():
        raise KeyError(f"Ukjent oppsett {name!r}; kjente: {', '.join(layout_names())}.")
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return TypeAdapter(Layout).validate_python(yaml.safe_load(text))


def layout_names() -> list[str]:
    """The declared layouts, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


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
