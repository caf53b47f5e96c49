"""The layout of a feedback list, and its lines: which rows of a delivery, which field, what is wrong.

No receiver has published one, so the form is ours (I): the key of the file the list is about, in the
layout's order, and then three columns. Its heading tells which file that is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.imports.hand_file import Row, read_rows
from jobs.imports.lines import FileFault
from jobs.statistics.layout import Layout, layouts

EVIDENCE = "I"
REMARK = ("felt", "kode", "melding")
MEANING = {
    "felt": "Feltet mottakeren meldte feil i, med navnet fra oppsettet; tomt for hele raden",
    "kode": "Mottakerens kode for feilen: bokstaver, sifre, punktum og bindestrek, høyst 20 tegn",
    "melding": "Mottakerens egne ord, høyst 500 tegn; vises aldri på en side",
}
CODE = re.compile(r"(?!\d{11})[\w.-]{1,20}")
LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list; `key` is the values of `key_of` the file, as they stand in it."""

    number: int
    kind: str
    key: tuple[str, ...]
    felt: str
    kode: str
    melding: str


def key_of(layout: Layout) -> tuple[str, ...]:
    """The variables that name a row to its receiver: those it is sorted by that the file carries."""
    return tuple(name for name in layout.order if name in layout.heading)


def columns_of(kind: str) -> tuple[str, ...]:
    """The heading of a list about a file."""
    return (*key_of(layouts()[kind]), *REMARK)


def read_list(file: Path, kinds: Sequence[str]) -> list[Line]:
    """The lines of a list about one of a delivery's files.

    Raises FileFault, naming every line that is wrong and no value in it.
    """
    kind = _kind_of(file, kinds)
    rows = read_rows(file, columns_of(kind))
    if not rows:
        raise FileFault((None, "Listen har ingen linjer. Be mottakeren om en hel liste."))
    if faults := list(_faults(rows, layouts()[kind])):
        raise FileFault(*faults)
    width = len(key_of(layouts()[kind]))
    return [Line(number, kind, tuple(row[:width]), *row[width:]) for number, row in rows]


def _kind_of(file: Path, kinds: Sequence[str]) -> str:
    """Which of the files the heading is of; the one there is, when it is of none."""
    try:
        heading = file.read_text(encoding="utf-8-sig").partition("\n")[0].strip("\r")
    except UnicodeDecodeError:
        heading = ""
    found = [kind for kind in kinds if heading == ";".join(columns_of(kind))]
    if found or len(kinds) == 1:
        return (found or list(kinds))[0]
    known = " eller ".join(f"{';'.join(columns_of(kind))} ({kind})" for kind in kinds)
    raise FileFault((1, f"Første linje skal være {known}."))


def _faults(rows: Sequence[Row], layout: Layout) -> Iterator[tuple[int, str]]:
    first_seen: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        *key, felt, kode, melding = row
        if felt and felt not in layout.heading:
            yield number, f"Feltet finnes ikke i {layout.name}. Bruk navnet fra oppsettet."
        if not CODE.fullmatch(kode):
            yield number, "Koden mangler eller har feil form. Skriv mottakerens kode for feilen."
        if len(melding) > LONGEST_MESSAGE:
            yield number, f"Meldingen er lengre enn {LONGEST_MESSAGE} tegn. Kort den ned."
        same = (*key, felt, kode)
        if same in first_seen:
            yield number, f"Linjen er den samme som linje {first_seen[same]}. Fjern den ene."
        first_seen.setdefault(same, number)
