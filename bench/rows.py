"""A measurement's row, and the table in the README that holds the latest ones."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).with_name("README.md")
HEAD = "| measurement | ours | peer | ours / peer | what the peer is |\n| --- | --- | --- | --- | --- |\n"
_LINE = re.compile(r"^\| (?!measurement|---)([^|]+) \|.*$", re.MULTILINE)
_TABLE = re.compile(r"(<!-- table -->\n).*?(<!-- /table -->)", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One line: ours and the peer's in the same unit, measured in the same run."""

    name: str
    ours: float
    peer: float
    unit: str
    peer_is: str

    def __str__(self) -> str:
        ours, peer = (f"{_rounded(value)} {self.unit}" for value in (self.ours, self.peer))
        return f"| {self.name} | {ours} | {peer} | {self.ours / self.peer:.2f} | {self.peer_is} |"


def _rounded(value: float) -> str:
    """Three significant digits; whole numbers from a hundred up."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def update_table(rows: Iterable[Row]) -> None:
    """Put the rows in the README's table; those that were not measured now stay."""
    text = README.read_text(encoding="utf-8")
    table = _TABLE.search(text)[0]
    lines = {match[1].strip(): match[0] for match in _LINE.finditer(table)}
    lines |= {row.name: str(row) for row in rows}
    content = HEAD + "".join(f"{line}\n" for line in lines.values())
    put = _TABLE.sub(lambda match: match[1] + content + match[2], text)
    README.write_text(put, encoding="utf-8")


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    action()
    return clock() - begun
