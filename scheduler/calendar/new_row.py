"""New row: a row that calendar.yaml does not have yet, put in beside its like, with every other byte kept."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from scheduler.calendar.block import BlockError, block_of, lines_of
from scheduler.calendar.faults import CalendarError, Fault
from scheduler.calendar.loading import ROWS, parse_calendar
from scheduler.calendar.reading import read_yaml

# Begins a line that helps who writes, and is left out of the file.
HELP = "#:"
# The id of a row that has not got one yet.
NEW = "ny-frist"
LONGEST_ID = 80  # characters, as the ledger has room for


def row_in(block: str) -> str:
    """The id of the one row in a block; "" for none, several, and what is not YAML."""
    content = read_yaml(block).content
    return next(iter(content)) if isinstance(content, dict) and len(content) == 1 else ""


def line_for(text: str, block: str, after: str) -> int:
    """The line that a new row begins on, counted from 1 when it has been put in.

    Below the row `after` where both have the same first area, else last where most rows of that area
    stand together; in an area without rows, or one that cannot be read, below `after`, else last in
    the file. Raises BlockError.
    """
    rows = _rows(text)
    if not rows:
        raise BlockError("Kalenderen har ingen rader ennå. Skriv den første i filen.")
    area = next((_first_area(row) for row in _table(read_yaml(block).content).values()), None)
    together = [list(names) for found, names in groupby(rows, _area_in(rows)) if found == area]
    if after not in rows or (together and not any(after in names for names in together)):
        after = max(together, key=len, default=list(rows))[-1]
    over = block_of(text, after)
    return over.first + len(over.lines) + 1


def inserted(text: str, block: str, after: str, name: str) -> str:
    """The text with the new row put in at `line_for`, an empty line above it, and no other byte changed.

    Raises CalendarError, with every fault of the file `name`, also when more than one row comes in,
    and BlockError.
    """
    new, first, lines = lines_of(block), line_for(text, block, after), text.split("\n")
    before, following = [*lines[: first - 2], ""], lines[first - 2 :]
    helped = "\n".join([*before, *new, *following])
    parse_calendar(helped, name)
    if said := _not_one(block, text, helped):
        raise CalendarError(name, (Fault(first, 1, said),), helped)
    return "\n".join([*before, *_said(new), *following])


def _not_one(block: str, text: str, helped: str) -> str:
    """What is wrong when the block has not put in one row with an id of its own, and nothing else."""
    row = row_in(block)
    if row == NEW:
        return f"Gi raden et eget navn i stedet for «{NEW}». Det kan ikke endres siden."
    if len(row) > LONGEST_ID:
        return f"Radens navn er for langt. Bruk høyst {LONGEST_ID} tegn."
    alone = row and _without(helped, row) == read_yaml(text).content
    return "" if alone else "Skriv én ny rad her, og ikke noe annet."


def as_new(block: str, row: str) -> str:
    """A row's block without its id, to become another row."""
    return block.replace(f"{row}:", f"{NEW}:", 1)


def above(text: str, row: str, known: Iterable[str]) -> str:
    """The nearest row above `row` in `text` that is among `known`; "" when none is."""
    rows, there = list(_rows(text)), set(known)
    over = rows[: rows.index(row)] if row in rows else []
    return next((name for name in reversed(over) if name in there), "")


def _said(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if not line.lstrip().startswith(HELP)]


def _rows(text: str) -> Mapping[str, Any]:
    return _table(_table(read_yaml(text).content).get(ROWS))


def _table(content: Any) -> Mapping[str, Any]:
    return content if isinstance(content, dict) else {}


def _area_in(rows: Mapping[str, Any]) -> Callable[[str], Any]:
    return lambda name: _first_area(rows[name])


def _first_area(row: Any) -> Any:
    areas = _table(row).get("areas")
    return areas[0] if isinstance(areas, list) and areas else areas


def _without(text: str, row: str) -> Any:
    """The content without a row; a text that was read as a calendar has rows."""
    content = read_yaml(text).content
    return {**content, ROWS: {name: rest for name, rest in content[ROWS].items() if name != row}}
