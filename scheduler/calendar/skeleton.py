"""Skeleton: a new row to fill in, with help between the lines (`new_row.HELP`) that never enters the file."""

from collections.abc import Iterable, Mapping
from textwrap import wrap

from scheduler.calendar.evidence import LABELS
from scheduler.calendar.kinds import Kind
from scheduler.calendar.loading import ROWS
from scheduler.calendar.model import Calendar
from scheduler.calendar.new_row import HELP, NEW
from scheduler.calendar.schema import entry_fields, json_schema

WIDTH = 80  # characters a line of help may take
FIRST_WORDS = (
    f"Bytt ut «{NEW}» med et navn av små bokstaver, tall og bindestrek. Det kan ikke endres siden.",
    f"Linjer som begynner med {HELP} er hjelp. De kommer ikke med i filen.",
)
UNNEEDED = "Slett linjen hvis den ikke trengs."
OF_DUE = "Skriv dagen, for eksempel 15. oktober. Det finnes flere slags regler."
# What a row has as a rule, in the order of the file, with how it begins.
FIELDS: Mapping[str, str] = {
    "name": "",
    "areas": "[{area}]",
    "kind": "",
    "scope": "county",
    "sender": "",
    "receiver": "",
    "audience": "[]",
    "reference_date": "",
    "due": "{{date: , shift: preceding}}",
    "evidence": "{{label: I, sources: []}}",
    "description": "",
}


def skeleton(calendar: Calendar, area: str) -> str:
    """A row of an area, with what may stand in each field of it; it has faults until it is filled in."""
    lines = [f"  {NEW}:", *_helped(FIRST_WORDS)]
    words, choices = entry_fields(ROWS), _choices(calendar)
    needed = {"due", *json_schema()["$defs"]["Deliverable"]["required"]}
    for field, value in FIELDS.items():
        said = f"{words[field]} {choices.get(field, '')} {'' if field in needed else UNNEEDED}"
        lines += [*_helped([said]), f"    {field}: {value.format(area=area)}".rstrip()]
    return "\n".join(lines)


def _choices(calendar: Calendar) -> dict[str, str]:
    tables: dict[str, Iterable[str]] = {
        "areas": calendar.areas,
        "kind": Kind,
        "sender": calendar.parties,
        "receiver": calendar.parties,
        "audience": calendar.audiences,
        "evidence": (f"{letter} {word}" for letter, word in LABELS.items()),
    }
    choices = {field: f"Velg blant: {', '.join(known)}." for field, known in tables.items()}
    return {**choices, "due": OF_DUE}


def _helped(sentences: Iterable[str]) -> list[str]:
    """Each sentence as lines of help, with single blanks, and ids whole."""
    tidy = (" ".join(said.split()) for said in sentences)
    return [
        f"    {HELP} {line}" for said in tidy for line in wrap(said, WIDTH, break_on_hyphens=False)
    ]
