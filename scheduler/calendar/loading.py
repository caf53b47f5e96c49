"""From a file to a calendar, or to every fault in the file at once."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scheduler.calendar.checks import check
from scheduler.calendar.faults import CalendarError, Fault, sentence_of
from scheduler.calendar.fields import REFERENCE_TABLES
from scheduler.calendar.model import Calendar
from scheduler.calendar.reading import START, Reading, read_yaml
from scheduler.calendar.schema import field_names
from scheduler.calendar.tabs import tabs_in, without_tabs, written_at

ROWS = "deliverables"
TAB = "Linjen er rykket inn med tabulator. Bruk mellomrom."
EMPTY: dict[str, Any] = {"version": "1", **{table: {} for table in REFERENCE_TABLES}}


def load_calendar(path: Path) -> Calendar:
    """The calendar in a file; raises CalendarError with every fault, also for a missing file."""
    return parse_calendar(read_text(path), path.name)


def read_text(path: Path) -> str:
    """What stands in the file; raises CalendarError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        sentence = f"Filen kan ikke leses ({error.strerror}). Se etter om navnet er riktig."
        raise CalendarError(str(path), (Fault(*START, sentence),)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sentence = "Filen er ikke lagret som UTF-8. Lagre den på nytt med tegnsettet UTF-8."
        raise CalendarError(str(path), (Fault(line, 1, sentence),)) from error


def parse_calendar(text: str, name: str) -> Calendar:
    """The calendar in a text; raises CalendarError with every fault."""
    calendar, found = _read(text)
    faults = set(found)
    tabs = tabs_in(text) if calendar is None else {}
    if tabs:
        faults = _faults_besides_tabs(text, tabs.keys())
        faults |= {Fault(line, column, TAB) for line, column in tabs.items()}
    if faults or calendar is None:
        raise CalendarError(name, tuple(sorted(faults)), text)
    return calendar


def _faults_besides_tabs(text: str, lines: AbstractSet[int]) -> set[Fault]:
    """What is wrong when the tabs are read as the spaces that leave the most of a calendar."""
    readings = [(read, *_read(read)) for read in without_tabs(text)]
    read, _, faults = min(readings, key=lambda found: (found[1] is None, len(found[2])))
    return {
        replace(fault, column=written_at(text, read, fault.line, fault.column))
        if fault.line in lines
        else fault
        for fault in faults
    }


# The same few texts are read again and again: the one in use, the one before it, the proposed.
@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Calendar | None, frozenset[Fault]]:
    """What could be read of a text, and every fault."""
    reading = read_yaml(text)
    if reading.content is None:
        return None, frozenset(reading.faults)
    calendar, errors = _validate(reading.content)
    faults = {*reading.faults, *(_fault(error, reading) for error in errors)}
    if calendar:
        only_rows = all(error["loc"][:1] == (ROWS,) and len(error["loc"]) > 1 for error in errors)
        found = check(calendar, tables_are_right=only_rows)
        faults |= {Fault(*reading.place(path), sentence) for path, sentence in found}
    return calendar, frozenset(faults)


def _validate(content: Any) -> tuple[Calendar | None, list[ErrorDetails]]:
    """The calendar without its faulty parts, and the faults; no calendar when too little is left."""
    context = _known(content)
    try:
        return Calendar.model_validate(content, context=context), []
    except ValidationError as failure:
        errors = [error for error in failure.errors(include_url=False) if not _is_echo(error)]
    if not isinstance(content, dict):
        return None, errors
    try:
        return Calendar.model_validate(_without(content, errors), context=context), errors
    except ValidationError:
        return None, errors


def _without(content: dict[str, Any], errors: list[ErrorDetails]) -> dict[str, Any]:
    """The content without the rows and entries that have faults; a faulty table is empty."""
    faulty = {error["loc"][:2] for error in errors}
    tables = {name: table for name, table in content.items() if (name,) not in faulty}
    return EMPTY | {name: _sound(name, table, faulty) for name, table in tables.items()}


def _sound(name: str, table: Any, faulty: AbstractSet[tuple[str | int, ...]]) -> Any:
    if isinstance(table, dict):
        return {key: entry for key, entry in table.items() if (name, key) not in faulty}
    if isinstance(table, list):
        return [entry for number, entry in enumerate(table) if (name, number) not in faulty]
    return table


def _known(content: Any) -> dict[str, frozenset[str]]:
    """The names that other parts of the file may refer to."""
    tables = content if isinstance(content, dict) else {}
    return {
        table: frozenset(tables[table])
        for table in REFERENCE_TABLES
        if isinstance(tables.get(table), dict)
    }


def _fault(error: ErrorDetails, reading: Reading) -> Fault:
    """What concerns a whole block, or a name, points at the name; the rest at the value."""
    path = tuple(part for part in error["loc"] if part != "[key]")
    block = isinstance(error["input"], dict)
    of_key = block or error["type"] == "extra_forbidden" or "[key]" in error["loc"]
    return Fault(*reading.place(path, of_key=of_key), sentence_of(error, field_names(path)))


def _is_echo(error: ErrorDetails) -> bool:
    """A list that is "too short" only because a value in it is wrong has that fault already."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]
