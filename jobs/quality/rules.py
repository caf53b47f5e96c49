"""The control rules: read from catalogue/, each predicate checked against the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from pydantic import TypeAdapter

from jobs.imports.layout import frame_columns, line_types
from jobs.quality.derived import VOCABULARY

EVERY_OCCASION = "alle"
EVERY_FRAME = "alle"
FOLDER = Path(__file__).with_name("catalogue")
UNDECIDED = Path(__file__).with_name("undecided.yaml")


class Severity(StrEnum):
    """ERROR sets the pupil aside, WARN needs a person's look, INFO is for the report."""

    ERROR = "ERROR"
    WARN = "WARN"
    INFO = "INFO"


@dataclass(frozen=True, slots=True)
class Examples:
    """Edits of a correct person that break the rule, and edits that do not."""

    brudd: Mapping[str, Any]
    gyldig: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One control rule. `brudd` maps a frame to the SQL predicate that is true on a violation;
    `alle` speaks for the lines of any frame.

    A rule about many people at once has no example of one. `felt` names the field at fault, or `felt_fra` the column that tells it; `detalj` is a column
    whose text completes the sentence. `alvor` gives the severity per occasion; `alle` speaks for
    the occasions that are not named.
    """

    id: str
    tittel: str
    setning: str
    tiltak: str
    evidens: str
    alvor: Mapping[str, Severity]
    brudd: Mapping[str, str]
    eksempel: Examples | None = None
    felt: str = ""
    felt_fra: str = ""
    detalj: str = ""

    def severity(self, occasion: str) -> Severity | None:
        """How serious a violation is on an occasion; None where the rule does not count.

        An occasion may be part of another ("slutt.endelig"): what is said of the part goes first.
        """
        for known in (occasion, occasion.partition(".")[0], EVERY_OCCASION):
            if known in self.alvor:
                return self.alvor[known]
        return None

    def reads(self, frame: str) -> bool:
        """Whether the rule judges the lines of a frame."""
        return frame in self.brudd or (EVERY_FRAME in self.brudd and frame in line_types())

    def predicate(self, frame: str) -> pl.Expr:
        """The violation as a column; what cannot be decided (null) is no violation."""
        text = self.brudd.get(frame) or self.brudd[EVERY_FRAME]
        return pl.sql_expr(text).fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A published rule that one file cannot decide, and what is missing to decide it."""

    id: str
    setning: str
    mangler: str


@cache
def undecided() -> tuple[Undecided, ...]:
    """The published rules about the files that are not controlled."""
    rows = yaml.safe_load(UNDECIDED.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Undecided, ...]).validate_python(rows)


@cache
def load_rules() -> tuple[Rule, ...]:
    """Read the catalogue; ValueError when a predicate uses a column that is not in the vocabulary."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml")))
    rows = [row for text in texts for row in yaml.safe_load(text)]
    rules = TypeAdapter(tuple[Rule, ...]).validate_python(rows)
    for rule in rules:
        for frame in VOCABULARY:
            if rule.reads(frame):
                _check_columns(rule, frame)
    return rules


def _check_columns(rule: Rule, frame: str) -> None:
    known = {*frame_columns(frame), *VOCABULARY[frame]}
    used = {*rule.predicate(frame).meta.root_names(), rule.felt_fra, rule.detalj} - {""}
    if unknown := used - known:
        raise ValueError(f"{rule.id}: unknown columns for {frame}: {', '.join(sorted(unknown))}")
