"""What a file says about itself, read from its first lines before anything is checked."""

import re
from itertools import islice
from pathlib import Path

from jobs.imports.expected import Expected
from jobs.imports.layout import HEADER, Layout, Record
from jobs.imports.spans import MAX_LINE
from jobs.register.datasets import DATASETS

FIRST_LINES = 1000
PERIOD = re.compile(r"((19|20)\d\d){1,2}")


def as_declared(path: Path, layout: Layout) -> Expected:
    """Hold the file against its own county and period; "" where it tells none."""
    with path.open("rb") as file:
        lines = islice(iter(lambda: file.readline(MAX_LINE), b""), FIRST_LINES)
        rows = [
            line.decode(layout.encoding, "replace").rstrip().split(layout.separator)
            for line in lines
        ]
    dated = DATASETS[layout.dataset].dated
    period = _first(rows, *layout.record_of(dated[0]), dated[1]) if dated else ""
    return Expected(
        fylkesnummer=_first(rows, HEADER, layout.header, "fylkesnummer"),
        skolear=period if PERIOD.fullmatch(period) else "",
    )


def _first(rows: list[list[str]], kind: str, record: Record, name: str) -> str:
    place = next(field.nr for field in record.fields if field.name == name) - 1
    return next((row[place] for row in rows if row[0] == kind and len(row) > place), "")
