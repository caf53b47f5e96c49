"""Glossary: the words that not everybody knows, and the links to them where a page says them.

The words and their sentences are data (`glossary.yaml`), in bokmål, and messages as all the site says.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from flask import g, url_for
from markupsafe import Markup, escape

from web.words.language import NAMES, catalogue, language
from web.words.language import gettext as _

FILE = Path(__file__).parent / "glossary.yaml"
# Æ, ø and å come last in the alphabet and in this order, which their code points do not.
_ALPHABET = str.maketrans("æøå", "{|}")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, what it means, and a regular expression of its forms in running text."""

    id: str
    word: str
    meaning: str
    forms: str = ""


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    return tuple(Term(**row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def in_order() -> list[Term]:
    """By the alphabet, in the language of the page."""
    return sorted(terms(), key=lambda term: _(term.word).casefold().translate(_ALPHABET))


def explained(said: str) -> Markup:
    """The text with each word of the glossary linked, where the page says it for the first time."""
    marked, told, read = escape(said), Markup(""), 0
    for found in _forms(language()).finditer(marked):
        told += marked[read : found.start()] + _linked(found, marked[found.start() : found.end()])
        read = found.end()
    return told + marked[read:]


def _linked(found: re.Match[str], word: Markup) -> Markup:
    """The word as a link, once a page; a tag as it stands, which the pattern takes in one piece."""
    if found.lastgroup is None:
        return word
    said: set[str] = g.setdefault("explained", set())
    term = terms()[int(found.lastgroup[1:])]
    if term.id in said:
        return word
    said.add(term.id)
    address = url_for("guides.glossary", _anchor=term.id)
    return Markup('<a class="ds-link term" href="{}">{}</a>').format(address, word)


@lru_cache(maxsize=len(NAMES))
def _forms(code: str) -> re.Pattern[str]:
    """Every form of every word, in bokmål and in the language; a group of each says which it is."""
    of_each = (
        f"(?P<_{place}>{_form(term, catalogue(code).gettext(term.word))})"
        for place, term in enumerate(terms())
    )
    return re.compile(rf"<[^>]*>|(?<![\w-])(?:{'|'.join(of_each)})(?!\w)")


def _form(term: Term, there: str) -> str:
    """Names only as they are written; other words also with a capital letter."""
    pattern = f"{term.forms or re.escape(term.word)}|{re.escape(there)}"
    return f"(?i:{pattern})" if term.word.islower() else pattern
