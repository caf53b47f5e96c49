"""Letter: what a message says, set as plain text and as HTML from one content."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from scheduler.notify.directory import Contact
from scheduler.notify.message import Message
from scheduler.notify.roles import Place
from scheduler.settings import PROJECT_ROOT

WIDTH = 72
LONGEST_CARD = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline in a letter: its name, the facts about it, and its page."""

    name: str
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Some deadlines under a title, or under none."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject that says the matter at once, what it says, where to go, and why it came."""

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    links: tuple[tuple[str, str], ...]
    why: str

    @property
    def facts(self) -> Iterator[tuple[str, str]]:
        """Every fact in one list, for a card: each deadline's name, then what is said of it."""
        for section in self.sections:
            for entry in section.entries:
                yield section.title or "Navn", entry.name
                yield from entry.facts


@dataclass(frozen=True, slots=True)
class Errand:
    """What makes a message itself: its id without the contact, its kind, its place and its data."""

    id: str
    kind: str
    place: Place
    event: str
    thread: str = ""
    steps: tuple[dict[str, str], ...] = ()


def message(
    errand: Errand, letter: Letter, contact: Contact, at: datetime, data: dict[str, Any]
) -> Message:
    """The letter to one contact; `data` is what is added to the payload, as JSON values."""
    scope, role = errand.place
    return Message(
        id=message_id(errand.id, contact),
        kind=errand.kind,
        contact_id=contact.id,
        scope=scope,
        role=role,
        channel=contact.channel,
        address=contact.address,
        subject=letter.subject,
        text=_template("letter.txt", letter),
        html=_template("letter.html", letter),
        not_before=at,
        payload={
            "type": errand.event,
            "title": letter.subject,
            "facts": [list(fact) for fact in letter.facts][:LONGEST_CARD],
            "url": letter.links[0][1] if letter.links else "",
            "why": letter.why,
            "scope": scope,
            "role": role,
            **data,
        },
        thread=errand.thread,
        steps=list(errand.steps),
    )


def message_id(errand: str, contact: Contact) -> str:
    """What makes an errand's message to one contact itself."""
    return f"{errand}/{contact.id}"


def _template(name: str, letter: Letter) -> str:
    return _environment().get_template(name).render(letter=letter).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PROJECT_ROOT / "templates" / "mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        filled=_filled,
        item=lambda text: _filled(text, "* ", "  "),
        fact=lambda text: _filled(text, "  ", "    "),
    )
    return environment


def _filled(text: str, first: str = "", rest: str = "") -> str:
    """Lines of at most 72 signs; an address is never cut."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
