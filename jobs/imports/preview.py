"""What a file says about itself, read from its first lines before anything is checked."""

import re
from itertools import islice
from pathlib import Path

from jobs.imports.expected import Expected
from jobs.imports.layout import HEADER, Layout, Record, layout_names, load_layout
from jobs.imports.spans import MAX_LINE
from jobs.register.datasets import DATASETS

FIRST_LINES = 1000
PERIOD = re.compile(r"((19|20)\d\d){1,2}")


def layout_of(path: Path) -> Layout:
    """The layout whose line types the first lines have most of; the default one when in doubt."""
    default = load_layout()
    kinds = [row[0] for row in _first_rows(path, default)]
    layouts = (default, *(load_layout(name) for name in layout_names()))
    return max(layouts, key=lambda layout: sum(kind in layout.records for kind in kinds))


def as_declared(path: Path, layout: Layout) -> Expected:
    """Hold the file against its own county and period; "" where it tells none."""
    rows = _first_rows(path, layout)
    dated = DATASETS[layout.dataset].dated
    period = _first(rows, *layout.record_of(dated[0]), dated[1]) if dated else ""
    return Expected(
        fylkesnummer=_first(rows, HEADER, layout.header, "fylkesnummer"),
        skolear=period if PERIOD.fullmatch(period) else "",
    )


def _first_rows(path: Path, layout: Layout) -> list[list[str]]:
    with path.open("rb") as file:
        lines = islice(iter(lambda: file.readline(MAX_LINE), b""), FIRST_LINES)
        return [
            line.decode(layout.encoding, "replace").rstrip().split(layout.separator)
            for line in lines
        ]


def _first(rows: list[list[str]], kind: str, record: Record, name: str) -> str:
    place = next(field.nr for field in record.fields if field.name == name) - 1
    return next((row[place] for row in rows if row[0] == kind and len(row) > place), "")
