"""A file's own words about itself (TOF), and whether it is the file that was expected."""

from dataclasses import dataclass
from datetime import date, datetime

from jobs.imports.expected import Expected
from jobs.imports.layout import Layout
from jobs.imports.lines import Fault, FileFault


@dataclass(frozen=True, slots=True)
class Header:
    """The file's own words about itself (TOF); `skolenummer` is "" for a whole county."""

    layout: str
    fildato: date
    melding: str
    fylkesnummer: str
    skolenummer: str
    avsender: str


def read_header(line: bytes, layout: Layout, expected: Expected) -> Header:
    """Read the first line of a well-formed file; FileFault when the file is not the expected one."""
    parts = line.decode(layout.encoding).rstrip("\r\n").split(layout.separator)
    values = {field.name: parts[field.nr - 1] for field in layout.header.fields}
    if faults := _faults(values, layout, expected):
        raise FileFault(*faults)
    return Header(
        layout=layout.id,
        fildato=_date(values["fildato"]),
        melding=values["melding"],
        fylkesnummer=values["fylkesnummer"],
        skolenummer=values["skolenummer"],
        avsender=values["avsender"],
    )


def _faults(values: dict[str, str], layout: Layout, expected: Expected) -> list[Fault]:
    checks = (
        (
            values["versjon"] != layout.version,
            f"Filhodets versjon er ikke {layout.version}. Ta ut filen i «{layout.title}».",
        ),
        (
            not _is_date(values["fildato"]),
            "Filhodets fildato skal være en dato, ÅÅÅÅMMDD. Rett den.",
        ),
        (
            values["fylkesnummer"] != expected.fylkesnummer,
            f"Filen er ikke fra fylke {expected.fylkesnummer}, som leverer den. Lever riktig fil.",
        ),
    )
    return [(1, sentence) for broken, sentence in checks if broken]


def _is_date(text: str) -> bool:
    try:
        _date(text)
    except ValueError:
        return False
    return True


def _date(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
