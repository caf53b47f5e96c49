"""What a file says about itself, read from its first lines before anything is checked."""

import re
from itertools import islice
from pathlib import Path

from jobs.imports.expected import Expected
from jobs.imports.layout import HEADER, Layout, Record
from jobs.imports.spans import MAX_LINE

FIRST_LINES = 1000
SCHOOL_YEAR = re.compile(r"(19|20)\d\d(19|20)\d\d")


def as_declared(path: Path, layout: Layout) -> Expected:
    """Hold the file against its own county and school year; "" where it tells none."""
    with path.open("rb") as file:
        lines = islice(iter(lambda: file.readline(MAX_LINE), b""), FIRST_LINES)
        rows = [
            line.decode(layout.encoding, "replace").rstrip().split(layout.separator)
            for line in lines
        ]
    course, record = next((n, r) for n, r in layout.data_records.items() if r.frame == "kurs")
    skolear = _first(rows, course, record, "skolear")
    return Expected(
        fylkesnummer=_first(rows, HEADER, layout.header, "fylkesnummer"),
        skolear=skolear if SCHOOL_YEAR.fullmatch(skolear) else "",
    )


def _first(rows: list[list[str]], kind: str, record: Record, name: str) -> str:
    place = next(field.nr for field in record.fields if field.name == name) - 1
    return next((row[place] for row in rows if row[0] == kind and len(row) > place), "")
