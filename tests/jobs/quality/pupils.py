"""Small extracts for tests: one correct pupil, changed as an example says, written as a file."""

import polars as pl

from jobs.imports.control import Expected, control
from jobs.imports.layout import HEADER, load_layout
from jobs.imports.records import encode, write_lines

EXPECTED = Expected(fylkesnummer="46", skolear="20262027")
KEY = {
    "fodselsnummer": "15830650021",
    "skolear": "20262027",
    "skolenummer": "46001",
    "programomradekode": "STUSP1----",
}
CORRECT = {
    "elev": {"fodselsnummer": KEY["fodselsnummer"], "navn": "Prøvedal, Ada", "postnummer": "5003"},
    "kurs": {**KEY, "klasse": "1STA", "fullfortkode": "H", "voksen": "N", "malform": "B"},
    "fag": {**KEY, "fagkode": "NOR1260", "fagstatus": "E", "timer": "113"},
}


def rows(kind, edit):
    """The lines of one kind: `edit` is what to change in the one line, or a list with a line each."""
    edits = edit if isinstance(edit, list) else [edit]
    return [row for each in edits for row in _repeated(CORRECT[kind], dict(each))]


def _repeated(row, edit):
    times = edit.pop("gjenta", 1)
    row = {**row, **edit}
    return [row] if times == 1 else [{**row, "fagkode": f"SYN{n:04}"} for n in range(times)]


def header(lines, **changes):
    return {
        "antall_linjer": str(lines),
        "versjon": "3",
        "fildato": "20261005",
        "fylkesnummer": "46",
        "avsender": "prøve",
        **changes,
    }


def extract(edits=None, layout=None, **header_changes):
    """The bytes of a file with the correct pupil, edited."""
    layout = layout or load_layout()
    names = {record.frame: name for name, record in layout.data_records.items()}
    tables = {
        names[kind]: pl.DataFrame(
            lines, schema=dict.fromkeys({key for line in lines for key in line}, pl.String)
        )
        for kind in CORRECT
        if (lines := rows(kind, (edits or {}).get(kind, {})))
    }
    lines = write_lines(tables, layout)["tekst"]
    top = header(len(lines), **{"versjon": layout.version, **header_changes})
    first = write_lines({HEADER: pl.DataFrame([top])}, layout)["tekst"]
    return encode(pl.concat([first, lines]), layout)


def controlled(path, edits=None, expected=EXPECTED, layout=None, **header_changes):
    """Write the edited pupil to a file and control it."""
    path.write_bytes(extract(edits, layout, **header_changes))
    return control(path, expected, layout)


def broken(outcome):
    """What was found: (rule, line)."""
    return set(outcome.violations.select("regel", "linje").iter_rows())
