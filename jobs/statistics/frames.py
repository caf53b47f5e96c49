"""A delivery's files as the frames that control rules read, so that the same rules judge both ways.

What was controlled as it came in is controlled again as it goes out: in the written file, on the
reference date. A column that the file does not carry is null, and named as absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from jobs.imports.layout import FieldType, frame_columns
from jobs.imports.records import IDENTIFIERS, TYPES
from jobs.quality.derived import FIELD_COLUMNS

Frames = dict[str, pl.DataFrame]
PERSON, ORGANISATION = "fodselsnummer", "organisasjonsnummer"


@dataclass(frozen=True, slots=True)
class Part:
    """A frame made of a file: its columns under the frame's names, one row for each `each`."""

    frame: str
    each: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


SCHOOL = (Part("elev", PERSON, {"navn": "elevnavn"}), Part("kurs"))
APPLICANTS = (Part("person", PERSON), Part("soker", PERSON), Part("onske"))
TRADE = {"programomradekode": "larefag"}
PARTS: Mapping[str, tuple[Part, ...]] = {
    "ssbElev": SCHOOL,
    "ssbElevFag": (Part("fag", "", {"eksamenstermin": "opplaringstermin"}),),
    "ssbResultat": SCHOOL,
    # The term tells two lines of a subject apart; the file does not carry it, so the line does.
    "ssbResultatFag": (Part("fag", "", {"eksamenstermin": "linje"}),),
    "ssbKontrakt": (Part("person", PERSON), Part("kontrakt")),
    "ssbAvlagteProver": (Part("person", PERSON), Part("prove", given={"provestatus": "G"})),
    "NOR": (Part("kontor", ORGANISATION),),
    "Larebedrifter": (Part("bedrift", ORGANISATION), Part("bedriftsfag", names=TRADE)),
    "Sokerdata": APPLICANTS,
    "Inntaksdata": APPLICANTS,
    "UdirFormidling": APPLICANTS,
    "Voksensokere": (Part("person", PERSON), Part("soknad")),
}


def register_frames(files: Mapping[str, pl.DataFrame], wanted: tuple[str, ...]) -> Frames:
    """The wanted frames of the files, by name; one that no file gives is there without rows."""
    made: dict[str, list[pl.DataFrame]] = {name: [] for name in wanted}
    for kind, rows in files.items():
        for part in PARTS[kind]:
            made[part.frame].append(_frame(rows, kind, part))
    return {name: _once(pl.concat([_empty(name), *frames]), name) for name, frames in made.items()}


def _once(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """A person of two files is one person."""
    if name != "person":
        return frame
    return frame.unique(PERSON, keep="first", maintain_order=True)


def _frame(rows: pl.DataFrame, kind: str, part: Part) -> pl.DataFrame:
    chosen = rows.unique(part.each, keep="first", maintain_order=True) if part.each else rows
    columns = [
        _column(chosen, part, name, column) for name, column in frame_columns(part.frame).items()
    ]
    unjudged = (pl.lit(None, pl.String).alias(name) for name in FIELD_COLUMNS if name != "linje")
    return chosen.select("linje", *columns, *unjudged, linjetype=pl.lit(kind))


def _column(rows: pl.DataFrame, part: Part, name: str, kind: FieldType) -> pl.Expr:
    wanted = pl.String if name in IDENTIFIERS else TYPES[kind]
    if name in part.given:
        return pl.lit(part.given[name], wanted).alias(name)
    source = part.names.get(name, name)
    if source not in rows.columns:
        return pl.lit(None, wanted).alias(name)
    return pl.col(source).cast(wanted, strict=False).alias(name)


def _empty(frame: str) -> pl.DataFrame:
    schema: dict[str, type[pl.DataType]] = {"linje": pl.UInt32}
    for name, kind in frame_columns(frame).items():
        schema[name] = pl.String if name in IDENTIFIERS else TYPES[kind]
    unjudged = dict.fromkeys((n for n in FIELD_COLUMNS if n != "linje"), pl.String)
    return pl.DataFrame(schema={**schema, **unjudged, "linjetype": pl.String})


def absent_columns(files: Mapping[str, pl.DataFrame]) -> dict[str, set[str]]:
    """By frame, the columns that none of its files carries."""
    given: dict[str, set[str]] = {}
    for kind, rows in files.items():
        for part in PARTS[kind]:
            names = {n for n in frame_columns(part.frame) if part.names.get(n, n) in rows.columns}
            given.setdefault(part.frame, set()).update(names, part.given)
    return {frame: set(frame_columns(frame)) - names for frame, names in given.items()}
