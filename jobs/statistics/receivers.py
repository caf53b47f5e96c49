"""Receivers: the character set, separator, heading and line ends that each wants its files in."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FILE = Path(__file__).with_name("receivers.yaml")


class Encoding(StrEnum):
    """The character sets a file may be written in."""

    UTF_8 = "utf-8"
    LATIN_1 = "iso-8859-1"


class LineEnd(StrEnum):
    """How a line ends."""

    CRLF = "crlf"
    LF = "lf"

    @property
    def text(self) -> str:
        return "\r\n" if self is LineEnd.CRLF else "\n"


@dataclass(frozen=True, slots=True)
class Convention:
    """A receiver's form of a file; values are never quoted, so none may hold the separator."""

    separator: str = ";"
    encoding: Encoding = Encoding.UTF_8
    header: bool = True
    line_end: LineEnd = LineEnd.CRLF
    evidence: str = "I"

    def __post_init__(self) -> None:
        if len(self.separator) != 1 or not self.separator.isascii():
            raise ValueError("The separator is one ASCII character.")


@cache
def receivers() -> dict[str, Convention]:
    """The declared receivers, by the party's id in calendar.yaml."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Convention]).validate_python(rows)
