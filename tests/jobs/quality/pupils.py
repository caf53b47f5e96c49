"""Small extracts for tests: one correct person, changed as an example says, written as a file."""

from dataclasses import replace

import polars as pl

from jobs.imports.control import Expected, control
from jobs.imports.layout import DEFAULT, HEADER, layout_names, load_layout
from jobs.imports.records import encode, write_lines

NUMBER = {"fodselsnummer": "15830650021"}
KEY = {
    **NUMBER,
    "skolear": "20262027",
    "skolenummer": "46001",
    "programomradekode": "STUSP1----",
}
FIRM = {"organisasjonsnummer": "310000019"}
PERSON = {**NUMBER, "navn": "Prøvedal, Ada", "postnummer": "5003"}
TRADE = {"programomradekode": "ELELE3----"}
EXPECTED = Expected(fylkesnummer="46", skolear=KEY["skolear"])
# What is expected of a file of each kind, beside the county.
PERIOD = {"school": "20262027", "adults": "20262027", "applicants": "2027", "apprentices": ""}
# One correct line of each kind, by the name of the dataset.
CORRECT = {
    "school": {
        "elev": PERSON,
        "kurs": {**KEY, "klasse": "1STA", "fullfortkode": "H", "voksen": "N", "malform": "B"},
        "fag": {**KEY, "fagkode": "NOR1260", "fagstatus": "E", "timer": "113"},
    },
    "adults": {
        "person": PERSON,
        "soknad": {
            **NUMBER,
            "soknadsnummer": "1001",
            "skolear": "20262027",
            "soknadsdato": "20260910",
            "sluttkompetanse": "Y",
            "programomradekode": "HSHEA2----",
            "rettsvedtak": "IN",
            "rettsvedtak_dato": "20260920",
            "inntaksvedtak": "IN",
            "inntaksvedtak_dato": "20261001",
            "skolenummer": "46100",
            "oppstartsdato": "20261101",
        },
        "kompetanse": {**NUMBER, "kompetanse": "Y", "oppnadd_dato": "20100620"},
    },
    "applicants": {
        "person": PERSON,
        "soker": {**NUMBER, "sokerar": "2027", "sokergruppe": "V1", "soknadsfrist": "0103"},
        "onske": {
            **NUMBER,
            "sokerar": "2027",
            "onskenummer": "1",
            "onsketype": "S",
            "skolenummer": "46001",
            "programomradekode": "STUSP1----",
            "behandlingskategori": "OR",
        },
    },
    "apprentices": {
        "person": PERSON,
        "kontrakt": {
            **NUMBER,
            **TRADE,
            "kontraktsnummer": "K-1",
            "bedrift": FIRM["organisasjonsnummer"],
            "kontraktstype": "L",
            "laretid_fra": "20250901",
            "laretid_til": "20270831",
            "netto_laretid": "24",
            "godkjent_dato": "20250820",
        },
        "prove": {
            **NUMBER,
            **TRADE,
            "provetype": "F",
            "provenummer": "1",
            "provestatus": "P",
        },
        "bedrift": {**FIRM, "navn": "Syntetisk bedrift", "godkjent_dato": "20200101"},
        "bedriftsfag": {**FIRM, **TRADE, "godkjent_dato": "20200101"},
        "kontor": {"organisasjonsnummer": "310000027", "navn": "Syntetisk kontor"},
    },
}


def layout_of(edits):
    """The layout of the kind of file whose lines are edited."""
    kind = next(name for name, lines in CORRECT.items() if set(edits or {}) <= set(lines))
    return load_layout(
        next(n for n in (DEFAULT, *layout_names()) if load_layout(n).dataset == kind)
    )


def rows(correct, edit):
    """The lines of one kind: `edit` is what to change in the one line, or a list with a line each."""
    edits = edit if isinstance(edit, list) else [edit]
    return [row for each in edits for row in _repeated(correct, dict(each))]


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
    """The bytes of a file with the correct person, edited."""
    layout = layout or layout_of(edits)
    correct = CORRECT[layout.dataset]
    names = {record.frame: name for name, record in layout.data_records.items()}
    tables = {
        names[kind]: pl.DataFrame(
            lines, schema=dict.fromkeys({key for line in lines for key in line}, pl.String)
        )
        for kind in correct
        if (lines := rows(correct[kind], (edits or {}).get(kind, {})))
    }
    lines = write_lines(tables, layout)["tekst"]
    top = header(len(lines), **{"versjon": layout.version, **header_changes})
    first = write_lines({HEADER: pl.DataFrame([top])}, layout)["tekst"]
    return encode(pl.concat([first, lines]), layout)


def controlled(path, edits=None, expected=EXPECTED, layout=None, **header_changes):
    """Write the edited person to a file and control it."""
    layout = layout or layout_of(edits)
    path.write_bytes(extract(edits, layout, **header_changes))
    if layout.dataset != "school":
        expected = replace(expected, skolear=PERIOD[layout.dataset])
    return control(path, expected, layout)


def broken(outcome):
    """What was found: (rule, line)."""
    return set(outcome.violations.select("regel", "linje").iter_rows())
