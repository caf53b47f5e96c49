"""The catalogue: transfer rules, gates and demanded inputs, each declared once in a YAML file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from pydantic import TypeAdapter

from jobs.ot.facts import VOCABULARY

FOLDER = Path(__file__).parent
PLACE = re.compile(r"\{(\w+)\}")


class Category(StrEnum):
    """What is transferred together: applicants, those who broke off, and the county's own youth."""

    APPLICANTS = "sokere"
    BROKEN_OFF = "elevkurs"
    YOUTH = "elever"


@dataclass(frozen=True, slots=True)
class Rule:
    """A transfer rule; `kilde` labels the group and `vilkar` the predicate (S, P, I or T)."""

    id: str
    kategori: Category
    gruppe: str
    tittel: str
    nar: str
    tilmeldingskode: str
    prioritet: int
    bevis: tuple[str, ...]
    kilde: str
    vilkar: str
    setning: str
    unntatt: tuple[str, ...] = ()
    undergrunn: Mapping[str, str] | None = None

    @property
    def predicate(self) -> pl.Expr:
        """Whether the rule speaks for a person, rules that come first apart."""
        return truth(self.nar)


@dataclass(frozen=True, slots=True)
class Gate:
    """What keeps a candidate out, and the fault in the data behind it."""

    id: str
    tittel: str
    stanser: str
    setning: str
    feilkilde: str
    kilde: str
    gjelder: tuple[str, ...] = ()

    @property
    def predicate(self) -> pl.Expr:
        return truth(self.stanser)


@dataclass(frozen=True, slots=True)
class Input:
    """An import that some categories stand on."""

    id: str
    kategorier: tuple[Category, ...]
    rader: tuple[str, ...]
    avsender: str
    setning: str
    kilde: str
    hoyst_dager: int | None = None
    fra: str = ""
    til: str = ""


def truth(text: str) -> pl.Expr:
    """An SQL predicate as a column; what cannot be decided (null) is not so."""
    return pl.sql_expr(text).fill_null(value=False)


def sentence(template: str) -> pl.Expr:
    """A sentence about each row: `{name}` is replaced by that fact, days as 02.10.2026."""
    places = PLACE.findall(template)
    if not places:
        return pl.lit(template)
    return pl.format(PLACE.sub("{}", template), *map(_shown, places))


def _shown(name: str) -> pl.Expr:
    days = ("sluttet_skole", "sluttet_larling", "kommende_kurs", "kommende_kontrakt", "ny_start")
    value = pl.col(name)
    text = value.dt.strftime("%d.%m.%Y") if name in days else value.cast(pl.String)
    return text.fill_null("ukjent")


@cache
def rules() -> tuple[Rule, ...]:
    """The rules, strongest first; ValueError when one asks for a fact there is not."""
    found = TypeAdapter(tuple[Rule, ...]).validate_python(_read("rules.yaml"))
    for rule in found:
        extra = (rule.undergrunn or {}).values()
        _check(rule.id, (rule.nar, *extra), (*rule.bevis, *PLACE.findall(rule.setning)))
    return tuple(sorted(found, key=lambda rule: (rule.prioritet, rule.id)))


@cache
def gates() -> tuple[Gate, ...]:
    """The gates in order; ValueError when one asks for a fact there is not."""
    found = TypeAdapter(tuple[Gate, ...]).validate_python(_read("gates.yaml"))
    for gate in found:
        _check(gate.id, (gate.stanser,), PLACE.findall(gate.setning))
    return found


@cache
def inputs() -> tuple[Input, ...]:
    """The imports that categories stand on."""
    return TypeAdapter(tuple[Input, ...]).validate_python(_read("inputs.yaml"))


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def _check(who: str, predicates: tuple[str, ...], names: Any) -> None:
    asked = {name for text in predicates for name in pl.sql_expr(text).meta.root_names()}
    if unknown := sorted({*asked, *names} - set(VOCABULARY)):
        raise ValueError(f"{who}: unknown facts: {', '.join(unknown)}")
