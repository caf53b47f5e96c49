"""Block: one part of calendar.yaml as it is written, to be changed while every other byte is kept.

A part is a row, called by its id, or a whole section, called as its line begins (`areas:`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.calendar.faults import CalendarError, Fault
from scheduler.calendar.kinds import Activity
from scheduler.calendar.loading import ROWS, parse_calendar
from scheduler.calendar.reading import Path, Place, Reading, read_yaml
from scheduler.calendar.words import long_date

OVERRIDES = "overrides"
ACTIVITY = "activity"
SECTION_ENDS = ":"  # no row's id has one


class BlockError(Exception):
    """The part stands in a way that only an editor of the whole file can change; says what to do."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part's lines; `first` is the line its name stands on in the file, counted from 1."""

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


def is_section(part: str) -> bool:
    """Whether a part is a section, and not a row."""
    return part.endswith(SECTION_ENDS)


def path_of(part: str) -> Path:
    """Where in the file a part stands."""
    return (part.removesuffix(SECTION_ENDS),) if is_section(part) else (ROWS, part)


def kind_of(part: str) -> str:
    """What sort of part it is, as a Norwegian noun."""
    return "delen" if is_section(part) else "raden"


def has(text: str, part: str) -> bool:
    """Whether a text of the file has the part."""
    return path_of(part) in read_yaml(text).keys


def block_of(text: str, part: str) -> Block:
    """The part as it stands in `text`, with its comments; raises BlockError for one on a shared line."""
    reading, lines, path = read_yaml(text), text.split("\n"), path_of(part)
    line, column = _place(reading, path, lines)
    ends = [at for p, (at, _) in reading.keys.items() if at > line and p[: len(path)] != path]
    last = min(ends, default=len(lines) + 1) - 1
    return Block(line, tuple(lines[line - 1 : _trimmed(lines, line, last, column - 1)]))


def _place(reading: Reading, path: Path, lines: list[str]) -> tuple[int, int]:
    """Where the name at `path` stands, which must be the first on its line."""
    if path not in reading.keys:
        raise BlockError(f"«{path[-1]}» står ikke i filen.")
    line, column = reading.keys[path]
    if lines[line - 1][: column - 1].strip():
        raise BlockError(
            "Dette kan ikke endres her, for det deler linje med noe annet. Rett filen."
        )
    return line, column


def _trimmed(lines: list[str], first: int, last: int, indent: int) -> int:
    """The last line of the part: blank lines and comments after it, no deeper than it, are the next one's."""
    while last > first:
        said = lines[last - 1]
        bare = said.lstrip(" ")
        if bare and not (bare.startswith("#") and len(said) - len(bare) <= indent):
            return last
        last -= 1
    return last


def replaced(text: str, part: str, block: str, name: str) -> str:
    """The text with the part's lines changed to `block`, and no other byte.

    Raises CalendarError, with every fault of the file `name`, also when more than the part would change.
    """
    old, lines = block_of(text, part), text.split("\n")
    lines[old.first - 1 : old.first - 1 + len(old.lines)] = lines_of(block)
    changed = "\n".join(lines)
    parse_calendar(changed, name)
    if _others(changed, part) != _others(text, part):
        sentence = (
            f"Bare {kind_of(part)} «{path_of(part)[-1]}» kan endres her, og den må beholde navnet sitt. "
            "Rett resten i filen."
        )
        raise CalendarError(name, (Fault(old.first, 1, sentence),), changed)
    return changed


def lines_of(block: str) -> list[str]:
    """The lines of what somebody has written, without blank ones around it."""
    return block.replace("\r\n", "\n").strip("\n").rstrip().split("\n")


def _others(text: str, part: str) -> Any:
    """Everything but the part's content: the part itself must be there still, whatever it says."""
    reading, path = read_yaml(text), path_of(part)
    content = reading.content
    if path not in reading.keys or not isinstance(content, dict):
        return None
    table, *row = path
    return {**content, table: {**content[table], row[0]: part} if row else part}


def with_move(text: str, row: str, move: Move) -> str:
    """The row's block with the decision written under `overrides`; raises BlockError when it cannot be."""
    block, lines = block_of(text, row), text.split("\n")
    fields, indent = _fields(text, row, block)
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


def _fields(text: str, row: str, block: Block) -> tuple[dict[str | int, Place], str]:
    """The row's own fields, where the name of each stands, and their indent."""
    keys, depth = read_yaml(text).keys, len((ROWS, row)) + 1
    fields = {p[-1]: at for p, at in keys.items() if p[:2] == (ROWS, row) and len(p) == depth}
    if not fields or any(line == block.first for line, _ in fields.values()):
        raise BlockError("Raden står på én linje. Skriv endringen i raden selv.")
    return fields, " " * (min(column for _, column in fields.values()) - 1)


def with_end(text: str, row: str) -> str:
    """The row's block as one that is kept and not in use; raises BlockError when it cannot be."""
    block = block_of(text, row)
    fields, indent = _fields(text, row, block)
    ended = f'{indent}{ACTIVITY}: "{Activity.NO}"'
    if ACTIVITY in fields:
        here = fields[ACTIVITY][0] - block.first
        return "\n".join([*block.lines[:here], ended, *block.lines[here + 1 :]])
    audience, _ = fields.get("audience", (block.first, 0))
    end = block.first + len(block.lines)
    here = min((line for line, _ in fields.values() if line > audience), default=end) - block.first
    return "\n".join([*block.lines[:here], ended, *block.lines[here:]])


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
