"""Synthetic people: names that nobody has, numbers with month + 80, and how many a county has."""

from functools import cache
from pathlib import Path

import polars as pl

from jobs.identity import synthetic_numbers
from jobs.synth.draw import Draw

FOLDER = Path(__file__).parent
PUBLIC_SHARE = 0.92  # 8 % go to private schools, which deliver elsewhere
NUMBERS_PER_DATE = 400
DAY_STEP = 97  # coprime with 365, so that birthdays spread over the year
FEWEST = 40  # so that a small county still has room for one of each defect

FIRST_NAMES = "Ada Aksel Amina Aslak Berit Birk Dina Eira Elias Emil Frida Håkon Ingrid Ivar Jonas Kaia Leah Liv Magnus Mikkel Nora Ole Omar Sara Sindre Solveig Tiril Tobias Vilde Åse Øystein"
LAST_NAMES = "Prøvedal Prøvestad Prøvås Prøveli Testbakken Testmo Testøy Testvik Syntnes Synthaug Syntrud Syntå Eksempelsen Liksomsen Øvingsdal Øvingstad Mønsterås Mønstermo Påfunnrud Påfunnvik"


@cache
def table(name: str) -> pl.DataFrame:
    """A semicolon file beside this module, as text."""
    return pl.read_csv(
        FOLDER / f"{name}.csv", separator=";", comment_prefix="#", infer_schema=False
    )


def counties() -> list[str]:
    """The counties that there are volumes for, by number."""
    return sorted(table("volumes")["fylkesnummer"])


@cache
def volume(county: str, what: str) -> int:
    """How many of a column of volumes.csv the county has."""
    row = table("volumes").row(by_predicate=pl.col("fylkesnummer") == county, named=True)
    return int(row[what])


def pupils_of(county: str) -> int:
    """How many pupils the county's public schools have."""
    return round(volume(county, "elever") * PUBLIC_SHARE)


def private_pupils_of(county: str) -> int:
    """How many pupils the county's private schools have."""
    return volume(county, "elever") - pupils_of(county)


def name(draw: Draw) -> pl.Expr:
    """A made-up name for each row: «last, first»."""
    last, first = draw.choose(LAST_NAMES.split(), "last"), draw.choose(FIRST_NAMES.split(), "first")
    return pl.format("{}, {}", last, first)


def address(draw: Draw, county: str) -> dict[str, pl.Expr]:
    """Columns adresse, postnummer and kommunenummer for each row."""
    return {
        "adresse": pl.format("Prøveveien {}", draw.below(90, "house") + 1),
        "postnummer": (draw.below(9000, "post") + 1000).cast(pl.String),
        "kommunenummer": pl.lit(f"{county}01"),
    }


def numbered(
    people: pl.DataFrame, county: str, seed: int, *, second_half: bool = False
) -> pl.DataFrame:
    """Give everybody (by `fodselsar`) a number that nobody else in the country has.

    A county has a share of each date's numbers; pupils use the first half, others the second.
    """
    place = pl.int_range(pl.len()).over("fodselsar")
    first, following = _first_serial(county), _first_serial(county, after=True)
    begin = first + (following - first) // 2 if second_half else first
    dated = people.with_columns(
        birth=pl.date(pl.col("fodselsar"), 1, 1)
        + pl.duration(days=(place * DAY_STEP + seed) % 365),
        serial=place // 365 + begin,
    )
    numbers = synthetic_numbers(dated["birth"].unique().to_list())
    return dated.join(numbers, on=["birth", "serial"], how="left", maintain_order="left")


def _first_serial(county: str, *, after: bool = False) -> int:
    """Where the county's share of a date's numbers begins (or ends): shares are as the pupils are."""
    everyone = sum(pupils_of(number) for number in counties())
    before = sum(pupils_of(number) for number in counties() if number < county)
    return NUMBERS_PER_DATE * (before + after * pupils_of(county)) // everyone
