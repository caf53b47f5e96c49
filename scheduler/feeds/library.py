"""Library: any file of any selection, joined from what is on disk and kept ready to send.

Nothing here asks the database: some calendar programs switch a calendar off for good at the first
5xx, so the answer must not depend on anything that can be down.
"""

import gzip
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

from scheduler.feeds.changes import atom_file
from scheduler.feeds.files import CHANGES, EVENTS, RECORDS, TASKS, TOKENS
from scheduler.feeds.icalendar import calendar_file
from scheduler.feeds.kept import Kept, NotWholeError
from scheduler.feeds.selection import SHARED, Selection
from scheduler.feeds.shelf import Shelf
from scheduler.feeds.tables import csv_file, json_file

MOST_KEPT = 64  # selections; each is some hundred kilobytes at most
_VIEW = re.compile(rf"{SHARED}|[0-9]{{2}}")


class Form(StrEnum):
    """What a selection can be had as; the value is how its address ends."""

    EVENTS = ".ics"
    TASKS = "/oppgaver.ics"
    CSV = ".csv"
    JSON = ".json"
    CHANGES = ".atom"


_SHELF = {
    Form.EVENTS: EVENTS,
    Form.TASKS: TASKS,
    Form.CSV: RECORDS,
    Form.JSON: RECORDS,
    Form.CHANGES: CHANGES,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that somebody asks for; `alarm_days` only matters to events."""

    form: Form
    selection: Selection
    alarm_days: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A whole file, plain and packed, each with its tag, and what it shows in words."""

    plain: bytes
    packed: bytes
    plain_tag: str
    packed_tag: str
    title: str
    changed_at: datetime


class UnknownChoiceError(Exception):
    """A selection with a value that the calendar does not have; the message says which."""


class Library:
    """The files of one feed folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shelves = {name: Kept(folder / name, _shelf) for name in set(_SHELF.values())}
        self._tokens = Kept(folder / TOKENS, _tokens)
        self._whole: dict[str, Kept[tuple[bytes, bytes]]] = {}
        self._made: OrderedDict[Wanted, tuple[object, Document]] = OrderedDict()
        self._lock = Lock()

    def document(self, wanted: Wanted) -> Document | None:
        """The file, or None when there is none; raises UnknownChoiceError."""
        chosen = wanted.selection
        if wanted.form is Form.EVENTS and chosen.is_whole_file and not wanted.alarm_days:
            kept = self._whole_file(chosen.view)
            return kept and self._ready(wanted, *kept)
        found = self._shelves[_SHELF[wanted.form]].get()
        return found and self._ready(wanted, *found)

    def token(self, sha256: str) -> Mapping[str, Any] | None:
        """What is known of a token by its hash; None when it is no token of ours."""
        found = self._tokens.get()
        return found[0].get(sha256) if found else None

    def _whole_file(self, view: str) -> tuple[tuple[bytes, bytes], datetime] | None:
        if not _VIEW.fullmatch(view):
            return None
        if view not in self._whole:
            self._whole[view] = Kept(self._folder / f"{view}.ics", _calendar)
        return self._whole[view].get()

    def _ready(self, wanted: Wanted, source: Any, changed_at: datetime) -> Document:
        """The document made of `source`, made once for as long as the source stands."""
        with self._lock:
            held = self._made.get(wanted)
            if held is not None and held[0] is source:
                self._made.move_to_end(wanted)
                return held[1]
        made = _document(wanted, source, changed_at)
        with self._lock:
            self._made[wanted] = (source, made)
            while len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        return made


def _document(wanted: Wanted, source: Any, changed_at: datetime) -> Document:
    if isinstance(source, Shelf):
        unknown = wanted.selection.unknown(source.names)
        if unknown:
            raise UnknownChoiceError(unknown)
        plain = _joined(wanted, source)
        packed = gzip.compress(plain, 6, mtime=0)
        title = f"Årshjul – {wanted.selection.title(source.names)}"
    else:
        plain, packed = source
        packed, title = packed or gzip.compress(plain, mtime=0), _title(plain)
    return Document(plain, packed, _tag(plain), _tag(packed), title, changed_at)


def _joined(wanted: Wanted, shelf: Shelf) -> bytes:
    if wanted.form is Form.CHANGES:
        return atom_file(shelf, wanted.selection)
    if wanted.form is Form.CSV:
        return csv_file(shelf, wanted.selection)
    if wanted.form is Form.JSON:
        return json_file(shelf, wanted.selection)
    file = f"{{view}}{wanted.form}"
    return calendar_file(shelf, wanted.selection, file, wanted.alarm_days)


def _title(feed: bytes) -> str:
    """The calendar's own name, which is short enough to stand on one line."""
    line = next((line for line in feed.split(b"\r\n") if line.startswith(b"NAME:")), b"NAME:")
    return line.removeprefix(b"NAME:").decode()


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()}"'


def _calendar(content: bytes, packed: bytes) -> tuple[bytes, bytes]:
    """A damaged disk must never reach a calendar program, which would forget what is missing."""
    if content.startswith(b"BEGIN:VCALENDAR\r\n") and content.endswith(b"END:VCALENDAR\r\n"):
        return content, packed
    raise NotWholeError


def _shelf(content: bytes, _packed: bytes) -> Shelf:
    return Shelf.from_bytes(content)


def _tokens(content: bytes, _packed: bytes) -> dict[str, Any]:
    register = json.loads(content)
    if not isinstance(register, dict):
        raise NotWholeError
    return register
