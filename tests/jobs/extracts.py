"""A small extract as a school system would write it, in the newest layout."""

import polars as pl

from jobs.imports.layout import load_layout
from jobs.imports.records import encode, write_lines
from tests.jobs.frames import pupils


def extract(count=20, county="46", announced=None, **options):
    """The bytes of an extract of `count` pupils; `announced` is the line count it claims."""
    elev, kurs, fag = pupils(count, county, **options)
    lines = elev.height + kurs.height + fag.height
    header = {
        "position": 1,
        load_layout().line_count: lines if announced is None else announced,
        "versjon": "3",
        "fildato": "20261002",
        "fylkesnummer": county,
        "avsender": "PROVE",
    }
    tables = {
        "TOF": _as_text(pl.DataFrame([header])),
        "$EL": _as_text(elev.rename({"linje": "position"})),
        "$EK": _as_text(kurs.rename({"linje": "position"})),
        "$KL": _as_text(fag.rename({"linje": "position"})),
    }
    laid = write_lines(tables, load_layout()).sort(pl.col("position").cast(pl.Int64))
    return encode(laid["tekst"], load_layout())


def _as_text(frame):
    dates = pl.selectors.date().dt.to_string("%Y%m%d")
    return frame.with_columns(dates).cast(pl.String)
