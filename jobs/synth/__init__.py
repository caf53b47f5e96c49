"""Synthetic extracts: deterministic files of the line-record format, with defects on request."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import polars as pl

from jobs.imports.expected import NATIONAL
from jobs.imports.layout import Layout, load_layout
from jobs.imports.records import encode
from jobs.synth.adults import make_adults
from jobs.synth.applicants import make_applicants
from jobs.synth.apprentices import make_apprentices
from jobs.synth.defects import DEFECTS
from jobs.synth.people import counties
from jobs.synth.pupils import Extract, make_extract, make_private
from jobs.synth.results import with_results
from jobs.synth.sowing import sow
from jobs.synth.writing import header, in_order

__all__ = [
    "DEFECTS",
    "MAKERS",
    "Scale",
    "Sown",
    "counties",
    "file_name",
    "write_extract",
    "write_kind",
    "write_national",
    "write_private",
    "write_sown",
    "write_year_end",
]


# By layout: the frames of a county's file of a period, written on a day.
MAKERS = {
    "voksen": make_adults,
    "soker": make_applicants,
    "fagopplaring": make_apprentices,
}


class Scale(StrEnum):
    """How much of a county: `small` is about one pupil in a hundred, `county` and `national` all of them.

    `large` is more pupils than the country has: 2.5 million rows in ssbElev and ssbElevFag.
    """

    SMALL = "small"
    COUNTY = "county"
    NATIONAL = "national"
    LARGE = "large"

    @property
    def share(self) -> float:
        return {Scale.SMALL: 0.01, Scale.LARGE: 1.4}.get(self, 1.0)


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
    extract = make_extract(county, cycle, seed, Scale(scale).share)
    lines = _sown(extract, tuple(defects), county, seed, layout)
    _write(path, county, date(int(cycle[:4]), 10, 5), lines["tekst"], layout)
    found = lines.filter(pl.col("regel").is_not_null()).select("linje", "regel")
    return tuple(Sown(*row) for row in found.iter_rows())


def write_year_end(
    path: Path,
    county: str,
    cycle: str,
    seed: int = 1,
    scale: Scale | str = Scale.SMALL,
    defects: Iterable[str] = (),
) -> int:
    """Write a county's extract of June, the October pupils with results; return how many lines.

    `defects` as in `write_extract`.
    """
    layout, share = load_layout(), Scale(scale).share
    october = make_extract(county, cycle, seed, share)
    extract = with_results(october, f"{seed}/{county}/{cycle}")
    lines = _sown(extract, tuple(defects), county, seed, layout)
    return _write(path, county, date(int(cycle[5:]), 6, 25), lines["tekst"], layout)


def write_national(
    path: Path,
    cycle: str,
    seed: int = 1,
    scale: Scale | str = Scale.SMALL,
    defects: Iterable[str] = (),
) -> int:
    """Write every county's lines under one header from a national sender; return how many they are."""
    layout, share, rules = load_layout(), Scale(scale).share, tuple(defects)
    found = (
        _sown(make_extract(county, cycle, seed, share), rules, county, seed, layout)["tekst"]
        for county in counties()
    )
    return _write_together(path, cycle, found, layout)


def write_private(
    path: Path,
    cycle: str,
    seed: int = 1,
    scale: Scale | str = Scale.SMALL,
    *,
    with_grades: bool = False,
) -> int:
    """Write the lines of every county's private schools, which one sender delivers; return how many."""
    layout, share = load_layout(), Scale(scale).share

    def lines(county: str) -> pl.Series:
        extract = make_private(county, cycle, seed, share)
        if with_grades:
            extract = with_results(extract, f"{seed}/privat/{county}/{cycle}")
        return _sown(extract, (), county, seed, layout)["tekst"]

    return _write_together(path, cycle, map(lines, counties()), layout)


def _write_together(path: Path, cycle: str, parts: Iterable[pl.Series], layout: Layout) -> int:
    """Write the lines of the parts under one header from a national sender; return how many they are."""
    rows, written = 0, []
    for lines in parts:
        rows += len(lines)
        written.append(encode(lines, layout))
    top = header(NATIONAL, date(int(cycle[:4]), 10, 5), rows, layout)
    path.write_bytes(b"".join([encode(top, layout), *written]))
    return rows


def write_kind(
    path: Path,
    kind: str,
    county: str,
    period: str,
    written: date,
    seed: int = 1,
    scale: Scale | str = Scale.SMALL,
) -> int:
    """Write a county's adults, applicants or contracts (by layout); return how many lines they are.

    `period` is the year the file speaks for, as in the file; `written` is its date.
    """
    layout = load_layout(kind)
    frames = MAKERS[kind](county, period, written, seed, Scale(scale).share)
    lines = in_order(frames, layout)["tekst"]
    return _write(path, county, written, lines, layout)


def _write(path: Path, county: str, written: date, lines: pl.Series, layout: Layout) -> int:
    """Write a county's lines under their header; return how many lines they are."""
    top = header(county, written, len(lines), layout)
    path.write_bytes(encode(pl.concat([top, lines]), layout))
    return len(lines)


def _sown(
    extract: Extract, defects: tuple[str, ...], county: str, seed: int, layout: Layout
) -> pl.DataFrame:
    return _lines(*sow(extract, defects, county, seed), layout)


def write_sown(path: Path, sown: Iterable[Sown]) -> None:
    """Write down which rule each sown defect must break, and where."""
    rows = [{"linje": defect.linje, "regel": defect.regel} for defect in sorted(sown)]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _lines(extract: Extract, sown: Extract, layout: Layout) -> pl.DataFrame:
    """All lines in order, numbered as in the file: the header is line 1."""
    frames = {
        record.frame: pl.concat(
            [getattr(extract, record.frame), getattr(sown, record.frame)], how="diagonal"
        )
        for record in layout.data_records.values()
    }
    return in_order(frames, layout).select("tekst", "regel", linje=pl.int_range(2, pl.len() + 2))
