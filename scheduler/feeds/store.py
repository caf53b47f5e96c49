"""Feed store: the feeds on disk, the last good bytes of each.

A file is checked before it replaces the one before it, and replaced in one rename, so that a
reader never meets half a file, an empty one or none.
"""

import gzip
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.feeds.files import SHELVES, TASKS, TOKENS
from scheduler.feeds.selection import Selection
from scheduler.feeds.shelf import Shelf

LINE_OCTETS = 75  # RFC 5545, 3.1
_LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_ONCE = {
    "VCALENDAR": ("VERSION", "PRODID", "NAME"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"),
    "VTODO": ("UID", "DTSTAMP", "DUE", "SUMMARY", "SEQUENCE", "STATUS"),
}


class FeedFault(Exception):  # noqa: N818 - house style: a fault is named as what it is
    """A feed that may not be published, and why; the one before it still stands."""


def publish_feeds(feeds: Mapping[str, bytes], feed_dir: Path) -> tuple[str, ...]:
    """Put `feeds` (file name -> bytes) in `feed_dir`; the names of those that changed.

    Raises FeedFault after the good ones are out when any of them is faulty.
    """
    feed_dir.mkdir(parents=True, exist_ok=True)
    changed = [name for name, feed in feeds.items() if _read(feed_dir / name) != feed]
    faults = {name: found for name in changed if (found := _faults(name, feeds[name]))}
    good = tuple(name for name in changed if name not in faults)
    for name in good:
        _replace(feed_dir / f"{name}.gz", gzip.compress(feeds[name], 9, mtime=0))
        _replace(feed_dir / name, feeds[name])
    if faults:
        raise FeedFault("; ".join(f"{name}: {', '.join(found)}" for name, found in faults.items()))
    return good


def _faults(name: str, content: bytes) -> list[str]:
    if name not in {*SHELVES, TOKENS}:
        return faults_of(content)
    try:
        if name == TOKENS:
            return [] if isinstance(json.loads(content), dict) else ["er ikke et register"]
        shelf = Shelf.from_bytes(content)
    except ValueError as error:
        return [f"kan ikke leses ({error})"]
    return _task_faults(shelf) if name == TASKS else []


def _task_faults(shelf: Shelf) -> list[str]:
    """The tasks are joined by the site, so they are tried as a calendar here, view by view."""
    head, end = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-\r\nNAME:-\r\n", "END:VCALENDAR\r\n"
    views = [Selection(fylke=(number,)) for number in shelf.names["fylke"]]
    chosen = [shelf.select(view) for view in (Selection(), *views)]
    tried = [
        "".join([head, *(entry.body for entry in entries), end]) for entries in chosen if entries
    ]
    return [fault for feed in tried for fault in faults_of(feed.encode())]


def faults_of(feed: bytes) -> list[str]:
    """What is wrong with a feed, in words; nothing when it may be published.

    Reads the bytes by RFC 5545's own rules and not with the library that wrote them.
    """
    return _octet_faults(feed) or _structure_faults(feed)


def _octet_faults(feed: bytes) -> list[str]:
    lines = feed.split(b"\r\n")
    checks = {
        "starter ikke med BEGIN:VCALENDAR": lines[0] != b"BEGIN:VCALENDAR",
        "er avkortet": lines[-2:] != [b"END:VCALENDAR", b""],
        "har linjeskift som ikke er CRLF": any(b"\n" in line or b"\r" in line for line in lines),
        "har linjer over 75 oktetter": any(len(line) > LINE_OCTETS for line in lines),
        "har en linje som ikke er UTF-8": not all(map(_is_utf8, lines)),
    }
    return [fault for fault, found in checks.items() if found]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Component:
    name: str
    properties: list[tuple[str, str]] = field(default_factory=list)


def _structure_faults(feed: bytes) -> list[str]:
    text = feed.decode().replace("\r\n ", "")
    lines = [_LINE.fullmatch(line) for line in text.removesuffix("\r\n").split("\r\n")]
    if None in lines:
        return ["har en linje som ikke er navn og verdi"]
    components = _components([(line[1], line[3]) for line in lines if line])
    if components is None:
        return ["har BEGIN og END som ikke passer sammen"]
    return [*_missing(components), *_event_faults(components)]


def _components(lines: list[tuple[str, str]]) -> list[_Component] | None:
    """Every component with its own properties; None when BEGIN and END do not pair."""
    unfinished: list[_Component] = []
    finished = []
    for name, value in lines:
        if name == "BEGIN":
            unfinished.append(_Component(value))
        elif not unfinished or (name == "END" and unfinished[-1].name != value):
            return None
        elif name == "END":
            finished.append(unfinished.pop())
        else:
            unfinished[-1].properties.append((name, value))
    return None if unfinished else finished


def _missing(components: list[_Component]) -> list[str]:
    faults = set()
    for component in components:
        count = Counter(name for name, _ in component.properties)
        faults |= {
            f"har {component.name} uten nøyaktig én {name}"
            for name in _ONCE.get(component.name, ())
            if count[name] != 1
        }
    return sorted(faults)


def _event_faults(components: list[_Component]) -> list[str]:
    events = [found.properties for found in components if found.name in {"VEVENT", "VTODO"}]
    uids = [value for event in events for name, value in event if name == "UID"]
    checks = {
        "har ikke nøyaktig én kalender": [c.name for c in components].count("VCALENDAR") != 1,
        "har ingen hendelser": not events,
        "har samme UID to ganger": len(set(uids)) != len(uids),
    }
    return [fault for fault, found in checks.items() if found]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, flush to disk, rename over it."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
