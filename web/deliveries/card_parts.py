"""Card parts: the plain values that a card is shown from, on the page and in the PDF."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.access.roles import WORDS as ROLE_WORDS
from scheduler.access.roles import Role
from scheduler.cards.facts import Decided
from web.words import text
from web.words.dates import clock
from web.words.language import gettext as _

NONE = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in words; `code` is a hash or a name for machines, `authors` what its author wrote."""

    text: str
    code: bool = False
    number: bool = False
    authors: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; `empty` says in words that there are none."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part of the card: what it lacks, single facts, tables."""

    title: str
    facts: tuple[tuple[str, Cell], ...] = ()
    lacks: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole card in words."""

    name: str
    place: str
    cycle: str
    standing: str
    parts: tuple[Part, ...]
    key: str


def amount(value: int | None) -> Cell:
    """A number, or a dash for none."""
    return Cell(NONE if value is None else text.number(value), number=True)


def hash_or(sha256: str, otherwise: str) -> Cell:
    """A hash, or the words in its place."""
    return Cell(sha256, code=True) if sha256 else Cell(otherwise)


def when(value: datetime | None) -> str:
    """An instant, or a dash for none."""
    return clock(value) if value else NONE


def who(decided: Decided) -> str:
    """The roles by which one may decide, of those the person had; a command has none."""
    return roles_in_words(decided.roles)


def roles_in_words(roles: Iterable[str]) -> str:
    """The roles, or for none that it was a command or a key."""
    held = [_(ROLE_WORDS[Role(role)]) for role in roles]
    return text.listed(held) if held else _("den som kjører tjenesten, uten konto")
