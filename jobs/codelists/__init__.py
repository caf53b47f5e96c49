"""Code lists as data files: each code with its Norwegian name and the evidence for it.

A list is a semicolon file beside this module with `#` comments on top. The lists are what public
sources show, so an unknown code is a warning to a person, never proof of an error.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its value, its Norwegian name, the evidence label (S, P, G or I)."""

    kode: str
    navn: str
    kilde: str


@cache
def table(name: str) -> pl.DataFrame:
    """A list's rows as text columns."""
    return pl.read_csv(
        FOLDER / f"{name}.csv", separator=";", comment_prefix="#", infer_schema=False
    )


@cache
def codes(name: str) -> dict[str, Code]:
    """Map each code of a list to its entry, in the file's order."""
    rows = table(name).select("kode", "navn", "kilde").iter_rows()
    return {row[0]: Code(*row) for row in rows}


@cache
def counties(year: int) -> dict[str, str]:
    """County number to name, for the counties that exist in a calendar year."""
    fra, til = (pl.col(name).cast(pl.Int32) for name in ("fra", "til"))
    current = table("fylke").filter(fra.fill_null(0) <= year, til.fill_null(9999) >= year)
    return dict(current.select("kode", "navn").iter_rows())


@cache
def schools() -> pl.DataFrame:
    """The school register: skolenummer, navn, fylkesnummer and the series its number lies in."""
    number = pl.col("skolenummer").str.slice(2).cast(pl.Int32)
    series = table("skoleserie").select(pl.col("fra", "til").cast(pl.Int32), "serie").sort("fra")
    placed = table("schools").with_columns(number=number).sort("number")
    return (
        placed.join_asof(series, left_on="number", right_on="fra")
        .select(
            "skolenummer",
            "navn",
            "fylkesnummer",
            serie=pl.when(pl.col("number") <= pl.col("til")).then("serie"),
        )
        .sort("skolenummer")
    )
