"""Block: one row of calendar.yaml as it is written, to be changed while every other byte is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.calendar.faults import CalendarError, Fault
from scheduler.calendar.loading import ROWS, parse_calendar
from scheduler.calendar.reading import START, Path, Place, Reading, read_yaml
from scheduler.calendar.words import long_date

OVERRIDES = "overrides"


class BlockError(Exception):
    """The row stands in a way that only an editor of the whole file can change; says what to do."""


@dataclass(frozen=True, slots=True)
class Block:
    """A row's lines; `first` is the line its name stands on in the file, counted from 1."""

    first: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Move:
    """A decision that moves one school year's date; no `counties` means all of them."""

    school_year: str
    stage: str
    counties: tuple[str, ...]
    day: date
    reason: str
    decided_by: str
    label: str


def block_of(text: str, row: str) -> Block:
    """The row as it stands in `text`, with its comments; raises BlockError for one on a shared line."""
    reading, lines = read_yaml(text), text.split("\n")
    line, column = _place(reading, (ROWS, row), lines)
    ends = [at for path, (at, _) in reading.keys.items() if at > line and path[:2] != (ROWS, row)]
    last = min(ends, default=len(lines) + 1) - 1
    return Block(line, tuple(lines[line - 1 : _trimmed(lines, line, last, column - 1)]))


def _place(reading: Reading, path: Path, lines: list[str]) -> tuple[int, int]:
    """Where the name at `path` stands, which must be the first on its line."""
    line, column = reading.keys.get(path, START)
    if path not in reading.keys or lines[line - 1][: column - 1].strip():
        raise BlockError(
            "Raden kan ikke endres her, for den deler linje med noe annet. Rett filen."
        )
    return line, column


def _trimmed(lines: list[str], first: int, last: int, indent: int) -> int:
    """The last line of the row: blank lines and comments after it, no deeper than it, are the next one's."""
    while last > first:
        said = lines[last - 1]
        bare = said.lstrip(" ")
        if bare and not (bare.startswith("#") and len(said) - len(bare) <= indent):
            return last
        last -= 1
    return last


def replaced(text: str, row: str, block: str, name: str) -> str:
    """The text with the row's lines changed to `block`, and no other byte.

    Raises CalendarError, with every fault of the file `name`, also when more than the row would change.
    """
    old, lines = block_of(text, row), text.split("\n")
    new = block.replace("\r\n", "\n").strip("\n").rstrip().split("\n")
    lines[old.first - 1 : old.first - 1 + len(old.lines)] = new
    changed = "\n".join(lines)
    parse_calendar(changed, name)
    if _others(changed, row) != _others(text, row):
        sentence = f"Bare raden «{row}» kan endres her, og den må beholde navnet sitt. Rett resten i filen."
        raise CalendarError(name, (Fault(old.first, 1, sentence),))
    return changed


def _others(text: str, row: str) -> Any:
    """Everything but the row's content: the row itself must be there still, whatever it says."""
    content = read_yaml(text).content
    rows = content.get(ROWS) if isinstance(content, dict) else None
    if not isinstance(rows, dict) or row not in rows:
        return None
    return {**content, ROWS: {name: row if name == row else rows[name] for name in rows}}


def with_move(text: str, row: str, move: Move) -> str:
    """The row's block with the decision written under `overrides`; raises BlockError when it cannot be."""
    block, lines = block_of(text, row), text.split("\n")
    fields = _fields(text, row)
    if not fields or any(line == block.first for line, _ in fields.values()):
        raise BlockError("Raden står på én linje. Skriv endringen i raden selv.")
    indent = " " * (min(column for _, column in fields.values()) - 1)
    end, added = block.first + len(block.lines), _entry(move, indent)
    if OVERRIDES in fields:
        at, _ = fields[OVERRIDES]
        if lines[at - 1].strip() != f"{OVERRIDES}:":
            raise BlockError("«overrides» står på én linje. Skriv endringen i raden selv.")
        following = min((line for line, _ in fields.values() if line > at), default=end)
        before = _trimmed(lines, at, following - 1, len(indent)) + 1
    else:
        before, _ = fields.get("evidence", (end, 0))
        added = [f"{indent}{OVERRIDES}:", *added]
    place = before - block.first
    return "\n".join([*block.lines[:place], *added, *block.lines[place:]])


def _fields(text: str, row: str) -> dict[str | int, Place]:
    """The row's own fields, and where the name of each stands."""
    keys, depth = read_yaml(text).keys, len((ROWS, row)) + 1
    return {p[-1]: at for p, at in keys.items() if p[:2] == (ROWS, row) and len(p) == depth}


def _entry(move: Move, indent: str) -> list[str]:
    fields = [f"school_year: {move.school_year}"]
    fields += [f'stage: "{move.stage}"'] if move.stage else []
    fields += [f"counties: [{', '.join(map(_quoted, move.counties))}]"] if move.counties else []
    fields += [
        f"date: {long_date(move.day)}",
        f"reason: {_quoted(move.reason)}",
        f"decided_by: {_quoted(move.decided_by)}",
        f"label: {move.label}",
    ]
    return [f"{indent}  {'- ' if n == 0 else '  '}{field}" for n, field in enumerate(fields)]


def _quoted(words: str) -> str:
    """A YAML text, whatever characters are in it."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
