"""Sentences: everything the site says, as message ids, and what a catalogue lacks of it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from jobs.ot.extract import AGE_GROUPS
from jobs.register.datasets import DATASETS
from scheduler import reads
from scheduler.access import actors, roles
from scheduler.calendar.diff import HEADINGS, WORDS
from scheduler.calendar.evidence import LABELS
from scheduler.calendar.sections import SECTIONS
from scheduler.calendar.words import SMALL_NUMBERS
from scheduler.engine.decide import Why
from scheduler.ledger import words as ledger
from scheduler.ledger.state import State
from scheduler.notify import words as notify
from scheduler.notify.directory import LEVELS
from scheduler.settings import PROJECT_ROOT
from web import templating
from web.words import glossary, text
from web.words.language import CATALOGUES

Id = str | tuple[str, ...]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("_", "gettext", "message", "say")),
    "ngettext": (1, 2),
}
# Where the core puts sentences together with a `say`.
SAYING = ("calendar/evidence.py", "ledger/pausing.py", "ledger/risk.py", "ledger/state.py")
# Folder -> which files of it, and how they are read; the letters under templates/mail are in bokmål.
FOLDERS = {
    "templates": [("mail/**", "ignore"), ("**.html", "jinja2"), ("**.svg", "jinja2")],
    "web": [("**.py", "python")],
    "scheduler": [(name, "python") for name in SAYING],
}
NAME = re.compile(r"%\(\w+\)[sd]|%%")
OPTIONS = {"**.html": {"silent": "false"}, "**.svg": {"silent": "false"}}


def declared() -> Iterator[str]:
    """Words that stand in tables, and are given to `gettext` where they are shown."""
    yield from (state.label for state in State)
    tables = (
        *(ledger.RUN_STATES, ledger.NODE_STATES, ledger.ACTIONS),
        *(ledger.REHEARSAL_STATES, ledger.REHEARSAL_FOUND),
        *(notify.MESSAGE_KINDS, notify.MESSAGE_STATES, notify.CHANNELS),
        *(LEVELS, WORDS, HEADINGS, LABELS, SECTIONS, roles.WORDS),
        *(reads.PURPOSES, reads.PAGES),
        *(text.KINDS, text.STEP_STATES, text.DELIVERY_STATES, text.SEVERITIES, text.TRACE),
    )
    for table in tables:
        yield from table.values()
    yield from text.GENDERS.values()
    yield from (name for _, name in AGE_GROUPS if not name.isdigit())
    yield from SMALL_NUMBERS
    yield from (said for term in glossary.terms() for said in (term.word, term.meaning))
    yield from actors.CALLED
    yield from Why
    yield from (target.many for dataset in DATASETS.values() for target in dataset.targets)
    yield from (word for _, word in (*templating.NAVIGATION, templating.FOLLOW_UP))


@cache
def _said() -> tuple[Id, ...]:
    """What templates and code say, and then the tables; one of several stands for them all."""
    found: dict[Id, None] = {}
    for folder, methods in FOLDERS.items():
        where = PROJECT_ROOT / folder
        for _, _, said, _, _ in extract_from_dir(where, methods, OPTIONS, keywords=KEYWORDS):
            found[said] = None
    found.update(dict.fromkeys(str(word) for word in declared()))
    return tuple(found)


def template() -> Catalog:
    """Every sentence, without translations; those of one and of several are one message."""
    found = Catalog()
    for said in sorted(_said(), key=lambda said: isinstance(said, str)):
        if said not in found:
            found.add(said)
    return found


def path_of(code: str) -> Path:
    return CATALOGUES / f"{code}.po"


def written(code: str) -> Catalog:
    """A language's catalogue as its file has it."""
    with path_of(code).open("rb") as file:
        return read_po(file, code)


def faults(code: str) -> list[str]:
    """What is wrong with a language's catalogue, a line a message; nothing when it is complete."""
    ours, theirs = template(), written(code)
    lacking = [f"mangler: {_id(m)}" for m in _messages(ours) if not _whole(theirs.get(m.id))]
    unused = [f"brukes ikke: {_id(m)}" for m in _messages(theirs) if m.id not in ours]
    torn = [f"andre navn i %( )s: {_id(m)}" for m in _messages(theirs) if not _same_names(m)]
    return lacking + unused + torn


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said or ""] if isinstance(said, str) or said is None else list(said)


def _whole(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(_forms(message.string))


def _same_names(message: Message) -> bool:
    """Whether the translation fills in what the sentence does."""
    ids, forms = _forms(message.id), _forms(message.string)
    return all(_names(form) == _names(said) for said, form in zip(ids, forms, strict=True) if form)


def _names(said: str) -> set[str]:
    return set(NAME.findall(said))
