"""Code lists as data files: each code with its name, the days it is valid, and the evidence for it.

A list is a semicolon file beside this module with `#` comments on top: kode;navn;fra;til;kilde, and
columns of its own between navn and fra. The lists are what public sources show, so an unknown code
is a warning to a person, never proof of an error.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its value, its Norwegian name, the evidence label (S, P, G or I).

    `fra` and `til` are the first and the last day it is valid, None where the source knows no limit.
    """

    kode: str
    navn: str
    fra: date | None
    til: date | None
    kilde: str

    def holds(self, on: date) -> bool:
        """Tell whether the code is valid on a day."""
        return (self.fra is None or self.fra <= on) and (self.til is None or on <= self.til)


@cache
def table(name: str) -> pl.DataFrame:
    """A list's rows as text columns."""
    return pl.read_csv(
        FOLDER / f"{name}.csv", separator=";", comment_prefix="#", infer_schema=False
    )


@cache
def codes(name: str, on: date | None = None) -> dict[str, Code]:
    """Map the codes of a list that are valid on a day (all ever known without one), in its order."""
    limits = (pl.col(limit).str.to_date() for limit in ("fra", "til"))
    rows = table(name).select("kode", "navn", *limits, "kilde").iter_rows()
    entries = (Code(*row) for row in rows)
    return {code.kode: code for code in entries if on is None or code.holds(on)}


def counties(on: date) -> dict[str, str]:
    """County number to name, for the counties that exist on a day."""
    return {code.kode: code.navn for code in codes("fylke", on).values()}


@cache
def schools() -> pl.DataFrame:
    """The school register: skolenummer, navn, fylkesnummer, eierform, and the number's serie (A06)."""
    number = pl.col("skolenummer").str.slice(2).cast(pl.Int32)
    series = table("skoleserie").select(
        pl.col("nummer_fra", "nummer_til").cast(pl.Int32), serie="kode"
    )
    placed = table("schools").with_columns(number=number).sort("number")
    return (
        placed.join_asof(series.sort("nummer_fra"), left_on="number", right_on="nummer_fra")
        .select(
            "skolenummer",
            "navn",
            "fylkesnummer",
            "eierform",
            serie=pl.when(pl.col("number") <= pl.col("nummer_til")).then("serie"),
        )
        .sort("skolenummer")
    )
