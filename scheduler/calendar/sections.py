"""Sections: what calendar.yaml holds beside its rows, and what people call the parts of the file."""

from scheduler.calendar.block import SECTION_ENDS
from scheduler.calendar.model import Calendar

SECTIONS = {
    "areas": "Fagområdene",
    "parties": "De som leverer og mottar",
    "audiences": "Målgruppene",
    "counties": "Fylkene",
    "sources": "Kildene",
    "closures": "Dager kontorene er stengt",
    "school_breaks": "Skoleferiene",
    "empty_months": "Måneder der en mottaker ikke skal ha noe",
    "assertions": "Påstander som må holde for datoene",
}


def part_of(section: str) -> str:
    """A section as a part of the file (`scheduler.calendar.block`)."""
    return section + SECTION_ENDS


def called(calendar: Calendar, part: str) -> str:
    """What people call a part: a section's name, a row's, or the id of a row that is not there."""
    row = calendar.deliverables.get(part)
    return row.name if row else SECTIONS.get(part.removesuffix(SECTION_ENDS), part)
