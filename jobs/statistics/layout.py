"""The layouts of the statistics files, read from layouts.yaml, and what makes a value fit one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FILE = Path(__file__).with_name("layouts.yaml")


class FieldType(StrEnum):
    """How a value is written; a date as ÅÅÅÅMMDD, a flag as J or N."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Field:
    """One numbered field; without a `column` of the extract it is delivered empty."""

    nr: int
    variable: str
    title: str
    type: FieldType
    length: int
    required: bool = False
    column: str | None = None

    def fault(self, text: str) -> str:
        """What is wrong with a written value: words for a person, or ""; never the value."""
        if not text:
            return "mangler" if self.required else ""
        if len(text) > self.length:
            return f"har {len(text)} tegn, men plass til {self.length}"
        if self.type is FieldType.NUMBER and not text.isdigit():
            return "er ikke et tall"
        return "skal være J eller N" if self.type is FieldType.FLAG and text not in "JN" else ""


@dataclass(frozen=True, slots=True)
class Layouts:
    """All files of a delivery, in one version, with the conventions they share."""

    version: str
    evidence: str
    separator: str
    encoding: str
    files: dict[str, tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that does not fit its field: named by file, the import's line and field number."""

    file: str
    line: int
    field: Field
    fault: str

    def __str__(self) -> str:
        return (
            f"{self.file}: feltet {self.field.nr} «{self.field.title}» {self.fault}, for raden fra "
            f"linje {self.line} i importfilen. Rett i skoleadministrativt system og lever på nytt."
        )


@cache
def layouts() -> Layouts:
    """The declared layouts."""
    with FILE.open(encoding="utf-8") as file:
        return TypeAdapter(Layouts).validate_python(yaml.safe_load(file))


def written(value: object) -> str:
    """A value as it stands in a file; nothing is an empty field."""
    if value is None:
        return ""
    return value.strftime("%Y%m%d") if isinstance(value, date) else str(value)


Writer = Callable[[Sequence[object]], list[str]]


def row_writer(fields: Iterable[Field], columns: Sequence[str]) -> Writer:
    """A function from a row of the extract to the fields' texts in order."""
    places = [columns.index(field.column) if field.column else None for field in fields]

    def write(row: Sequence[object]) -> list[str]:
        return ["" if place is None else written(row[place]) for place in places]

    return write


def misfits(file: str, fields: Sequence[Field], line: int, texts: Sequence[str]) -> list[Misfit]:
    """Every field of a row that does not fit."""
    return [
        Misfit(file, line, field, fault)
        for field, text in zip(fields, texts, strict=True)
        if (fault := field.fault(text))
    ]
