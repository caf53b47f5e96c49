"""Frames of text laid out as a file: lines in the order of their owners, under a header."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from jobs.imports.layout import HEADER, Layout
from jobs.imports.records import write_lines


def in_order(frames: Mapping[str, pl.DataFrame], layout: Layout) -> pl.DataFrame:
    """The lines (`tekst`) by owner, then by kind, then by place (columns eiernr, ledd)."""
    kinds = {
        name: frames[record.frame].with_columns(
            pl.col("eiernr", "ledd").cast(pl.Int64), slag=pl.lit(n)
        )
        for n, (name, record) in enumerate(layout.data_records.items())
    }
    return write_lines(kinds, layout).sort("eiernr", "slag", "ledd", maintain_order=True)


def header(county: str, written: date, lines: int, layout: Layout) -> pl.Series:
    """The first line of a county's file with so many data lines."""
    values = {
        layout.line_count: str(lines),
        "versjon": layout.version,
        "fildato": f"{written:%Y%m%d}",
        "melding": "Syntetiske data",
        "fylkesnummer": county,
        "avsender": "aarshjul synth",
    }
    return write_lines({HEADER: pl.DataFrame([values])}, layout)["tekst"]
