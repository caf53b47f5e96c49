"""Tabs: YAML refuses them as indentation; where they stand, and the text as it was meant.

A tab must not hide what else is wrong with a file, so the rest is read as if it were spaces.
"""

import re
from collections.abc import Iterator

INDENTED = re.compile(r"( *\t[ \t]*)(?=[^\s#])")
WIDTHS = (2, 4, 8)
STEP = 2


def tabs_in(text: str) -> dict[int, int]:
    """Line -> column of the first tab that indents it."""
    found = ((number, INDENTED.match(line)) for number, line in enumerate(text.split("\n"), 1))
    return {number: match[1].index("\t") + 1 for number, match in found if match}


def without_tabs(text: str) -> Iterator[str]:
    """The text with spaces for such tabs, once for each way they can be meant."""
    lines = text.split("\n")
    for width in WIDTHS:
        yield "\n".join(_indented(line, len(_indent(line).expandtabs(width))) for line in lines)
    yield "\n".join(_like_the_line_before(lines))


def written_at(text: str, read: str, line: int, column: int) -> int:
    """The column in `text` of what stands at a column of the text that was read instead."""
    written, spaced = text.split("\n")[line - 1], read.split("\n")[line - 1]
    return max(1, column + len(written) - len(spaced))


def _like_the_line_before(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        spaced = _indented(line, depth)
        yield spaced
        if spaced.strip() and not spaced.lstrip().startswith("#"):
            depth = len(spaced) - len(spaced.lstrip()) + STEP * spaced.rstrip().endswith(":")


def _indent(line: str) -> str:
    match = INDENTED.match(line)
    return match[1] if match else ""


def _indented(line: str, depth: int) -> str:
    """A line that tabs indent, with as many spaces instead; other lines as they are."""
    tabs = _indent(line)
    return f"{' ' * depth}{line[len(tabs) :]}" if tabs else line
