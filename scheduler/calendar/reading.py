"""Reading YAML with the place of every value, so that a fault can point at its line and column.

Every value stays the text it was written as: `03` is a county, `no` a word, `23:59` a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    ScalarEvent,
    SequenceStartEvent,
)

from scheduler.calendar.faults import Fault

Path = tuple[str | int, ...]
Place = tuple[int, int]
START: Place = (1, 1)
MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 20
TOO_DEEP = f"Filen har mer enn {MAX_DEPTH} nivåer."
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Reading:
    """A file's content as dicts, lists and texts, the places of all of it, and what was wrong."""

    content: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Where the value (or its name) at `path` stands; parts the file does not have are skipped."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.values:
                known = (*known, part)
        value = self.values.get(known, START)
        return self.keys.get(known, value) if of_key else value

    def fault(self, event: Event, sentence: str) -> None:
        self.faults.append(Fault(*_place(event), sentence))

    def build(self, event: Event, events: Iterator[Event], path: Path) -> Any:
        """The value that begins with `event`, noting places, repeated names and what we refuse."""
        self.values[path] = _place(event)
        if isinstance(event, AliasEvent):
            return self.fault(event, "Henvisninger (& og *) kan ikke brukes her. Skriv verdien ut.")
        if isinstance(event, ScalarEvent):
            return None if event.value == "" and event.implicit[0] else event.value
        if len(path) > MAX_DEPTH:
            raise TooDeep(*_place(event), TOO_DEEP)
        if isinstance(event, SequenceStartEvent):
            items = enumerate(_until_end(events))
            return [self.build(item, events, (*path, n)) for n, item in items]
        return self._mapping(events, path)

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in _until_end(events):
            name = self._name(key, events, path)
            if name in found:
                first = self.keys[(*path, name)][0]
                self.fault(key, f"«{name}» står to ganger; den første er på linje {first}.")
                Reading().build(next(events), events, (*path, name))
            else:
                self.keys[(*path, name)] = _place(key)
                found[name] = self.build(next(events), events, (*path, name))
        return found

    def _name(self, key: Event, events: Iterator[Event], path: Path) -> str:
        if isinstance(key, ScalarEvent):
            return str(key.value)
        self.fault(key, "Et feltnavn må være en tekst.")
        Reading().build(key, events, (*path, ""))
        return ""


class TooDeep(Exception):  # noqa: N818 - what the file is
    """The file nests deeper than any calendar; the arguments are those of its fault."""


def _until_end(events: Iterator[Event]) -> Iterator[Event]:
    """The events that begin the parts of a collection, up to its end."""
    for event in events:
        if isinstance(event, CollectionEndEvent):
            return
        yield event


def _place(event: Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else START


def read_yaml(text: str) -> Reading:
    """What the text holds; a text that is not YAML gives one fault and no content."""
    if len(text) > MAX_CHARACTERS:
        return Reading(faults=[Fault(*START, "Filen er for stor til å være et årshjul.")])
    try:
        return _read(yaml.parse(text, Loader=_Loader))
    except TooDeep as error:
        return Reading(faults=[Fault(*error.args)])
    except yaml.MarkedYAMLError as error:
        return Reading(faults=[_broken(error)])
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Reading(faults=[Fault(*place, "Her står et tegn som ikke kan brukes. Slett det.")])


def _read(events: Iterator[Event]) -> Reading:
    """Built from the parser's events: its own tree builder recurses without limit in C."""
    reading = Reading()
    if not _next_document(events):
        return Reading(faults=[Fault(*START, "Filen er tom.")])
    reading.content = reading.build(next(events), events, ())
    second = _next_document(events)
    if second:
        reading.fault(second, "Filen har flere dokumenter. Fjern linjen med ---.")
    return reading


def _next_document(events: Iterator[Event]) -> Event | None:
    return next((event for event in events if isinstance(event, DocumentStartEvent)), None)


def _broken(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else START
    return Fault(
        line,
        column,
        "YAML-en kan ikke leses her. Se etter feil innrykk, manglende kolon eller hermetegn som "
        "ikke er lukket, på denne linjen eller den før.",
    )
