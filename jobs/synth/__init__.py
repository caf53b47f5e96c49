"""Synthetic extracts: deterministic files of the line-record format, with defects on request."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import polars as pl

from jobs.imports.expected import NATIONAL
from jobs.imports.layout import HEADER, Layout, load_layout
from jobs.imports.records import encode, write_lines
from jobs.synth.defects import DEFECTS
from jobs.synth.pupils import Extract, counties, make_extract
from jobs.synth.sowing import sow

__all__ = [
    "DEFECTS",
    "Scale",
    "Sown",
    "counties",
    "file_name",
    "write_extract",
    "write_national",
    "write_sown",
]


class Scale(StrEnum):
    """How much of a county: `small` is about one pupil in a hundred, the others all of them."""

    SMALL = "small"
    COUNTY = "county"
    NATIONAL = "national"

    @property
    def share(self) -> float:
        return 0.01 if self is Scale.SMALL else 1.0


@dataclass(frozen=True, slots=True, order=True)
class Sown:
    """A defect that was put in: the line it stands on and the rule that must find it."""

    linje: int
    regel: str


def file_name(county: str, cycle: str) -> str:
    """The extract's name, e.g. telling-okt_46_2026-2027.txt."""
    return f"telling-okt_{county}_{cycle}.txt"


def write_extract(
    path: Path,
    county: str,
    cycle: str,
    seed: int = 1,
    scale: Scale | str = Scale.SMALL,
    defects: Iterable[str] = (),
    layout: Layout | None = None,
) -> tuple[Sown, ...]:
    """Write a county's October extract and return the defects in it, by line.

    `defects` names rules (see DEFECTS); the same arguments always give the same bytes.
    """
    layout = layout or load_layout()
    lines = _county(county, cycle, seed, Scale(scale).share, tuple(defects), layout)
    header = _header(county, date(int(cycle[:4]), 10, 5), lines.height, layout)
    path.write_bytes(encode(pl.concat([header, lines["tekst"]]), layout))
    found = lines.filter(pl.col("regel").is_not_null()).select("linje", "regel")
    return tuple(Sown(*row) for row in found.iter_rows())


def write_national(
    path: Path,
    cycle: str,
    seed: int = 1,
    scale: Scale | str = Scale.SMALL,
    defects: Iterable[str] = (),
) -> int:
    """Write every county's lines under one header from a national sender; return how many they are."""
    layout, share, rules = load_layout(), Scale(scale).share, tuple(defects)
    parts = []
    rows = 0
    for county in counties():
        lines = _county(county, cycle, seed, share, rules, layout)["tekst"]
        rows += len(lines)
        parts.append(encode(lines, layout))
    header = _header(NATIONAL, date(int(cycle[:4]), 10, 5), rows, layout)
    path.write_bytes(b"".join([encode(header, layout), *parts]))
    return rows


def _county(
    county: str, cycle: str, seed: int, share: float, defects: tuple[str, ...], layout: Layout
) -> pl.DataFrame:
    extract, sown = sow(make_extract(county, cycle, seed, share), defects, county, seed)
    return _lines(extract, sown, layout)


def write_sown(path: Path, sown: Iterable[Sown]) -> None:
    """Write down which rule each sown defect must break, and where."""
    rows = [{"linje": defect.linje, "regel": defect.regel} for defect in sorted(sown)]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _lines(extract: Extract, sown: Extract, layout: Layout) -> pl.DataFrame:
    """All lines in order, numbered as in the file: the header is line 1."""
    tables = {
        name: pl.concat(
            [getattr(extract, record.frame), getattr(sown, record.frame)], how="diagonal"
        )
        for name, record in layout.data_records.items()
    }
    kinds = {
        name: table.with_columns(slag=pl.lit(n)) for n, (name, table) in enumerate(tables.items())
    }
    ordered = write_lines(kinds, layout).sort("elevnr", "slag", "ledd", maintain_order=True)
    return ordered.select("tekst", "regel", linje=pl.int_range(2, pl.len() + 2))


def _header(county: str, written: date, lines: int, layout: Layout) -> pl.Series:
    values = {
        layout.line_count: str(lines),
        "versjon": layout.version,
        "fildato": f"{written:%Y%m%d}",
        "melding": "Syntetiske data",
        "fylkesnummer": county,
        "avsender": "aarshjul synth",
    }
    return write_lines({HEADER: pl.DataFrame([values])}, layout)["tekst"]
