"""The layouts of the statistics files: declared once in layouts/, one file each.

Writer, reader, validator, selection order and the printed description all read this declaration.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BeforeValidator, TypeAdapter

FOLDER = Path(__file__).with_name("layouts")


class FieldType(StrEnum):
    """How a value is written: `date` as ÅÅÅÅMMDD, `day` as DD.MM.ÅÅÅÅ, a flag as J or N.

    `digits` are a name whose leading zeros count, `number` an amount. A decimal is selected in
    hundredths and written with a comma and two decimals.
    """

    TEXT = "text"
    DIGITS = "digits"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"
    DAY = "day"
    FLAG = "flag"


LENGTHS = {FieldType.DATE: 8, FieldType.DAY: 10, FieldType.FLAG: 1}


@dataclass(frozen=True, slots=True)
class Field:
    """One numbered field; without a `source` in the register it is delivered empty.

    `nr` is the place as the receiver numbers it, a letter where columns have letters. `codes` names
    a code list. `most_empty` is the share of empty values above which a person must look (I).
    `evidence` tells what is published (P), from the owner (S) or ours (I); "P/I" is a
    published variable in a place of ours.
    """

    nr: Annotated[str, BeforeValidator(str)]
    variable: str
    title: str
    type: FieldType
    evidence: str
    length: int = 0
    required: bool = False
    codes: str = ""
    source: str = ""
    most_empty: float | None = None

    @property
    def most_characters(self) -> int:
        """How long a written value may be; a decimal's comma is not counted in its length."""
        fixed = LENGTHS.get(self.type)
        return fixed or self.length + (self.type is FieldType.DECIMAL)


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's fields in order, and what else there is to say of it.

    `order` is the variables its rows are sorted by, which together make a row one of its kind.
    `counted` are those whose codes are counted in the manifest, to be held against other deliveries.
    """

    name: str
    title: str
    version: str
    evidence: str
    reference: str
    order: tuple[str, ...]
    fields: tuple[Field, ...]
    counted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> list[str]:
        return [field.variable for field in self.fields]

    @property
    def selected(self) -> list[Field]:
        """The fields that the register fills."""
        return [field for field in self.fields if field.source]

    def field(self, variable: str) -> Field:
        return next(field for field in self.fields if field.variable == variable)


@cache
def layouts() -> dict[str, Layout]:
    """The declared layouts, by the file's name."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml")))
    read = TypeAdapter(Layout).validate_python
    return {layout.name: layout for layout in (read(yaml.safe_load(text)) for text in texts)}
