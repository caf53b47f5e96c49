"""The nation's people: each in a county and a situation, with a number that nobody real has."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from jobs.identity import synthetic_numbers
from jobs.synth.draw import Draw
from jobs.synth.people import counties, name, volume

FILE = Path(__file__).with_name("situations.csv")
AGES = tuple(range(16, 26))  # in the year the school year begins; 25 is any age from there on
OLDER_YEARS = 20
UNITS = 30  # municipalities of a county that people live in, so that many units get some
BOYS_PER = 1000
YEAR, EACH_DAY = 360, 150  # days, and numbers of a gender that a day surely has


LEAVING_FROM, LEAVING_DAYS = (9, 1), 250  # people leave from September to early May


@cache
def situations() -> pl.DataFrame:
    """The situations, as text; null where one does not have a thing."""
    return pl.read_csv(FILE, separator=";", comment_prefix="#", infer_schema=False)


def make_people(cycle: str, share: float, seed: int = 1) -> pl.DataFrame:
    """One row a person (`nr`), with the columns of the situation; `share` scales every situation.

    The same arguments give the same people.
    """
    kinds = situations().with_columns(
        antall=(pl.col("antall").cast(pl.Int64) * share).round().cast(pl.Int64)
    )
    rows = kinds.select("situasjon", pl.int_ranges(pl.col("antall")).alias("nr")).explode("nr")
    people = rows.with_columns(nr=pl.int_range(pl.len())).join(
        kinds.drop("antall"), on="situasjon", how="left", maintain_order="left"
    )
    draw = Draw(f"{seed}/{cycle}/nasjonen")
    return _numbered(_described(people, draw, int(cycle[:4])), seed).select(
        "nr",
        "situasjon",
        "fodselsnummer",
        "navn",
        "fylke",
        "kommunenummer",
        "kurs",
        "onske",
        "kontrakt",
        "voksen",
        "kompetanse",
    )


def leaving_day(draw: Draw, cycle: str) -> pl.Expr:
    """The day on which each row would leave the school or the contract."""
    first = date(int(cycle[:4]), *LEAVING_FROM)
    return pl.lit(first) + pl.duration(days=draw.below(LEAVING_DAYS, "day"))


def _described(people: pl.DataFrame, draw: Draw, autumn: int) -> pl.DataFrame:
    weights = {county: volume(county, "elever") for county in counties()}
    age = _age(draw)
    return people.with_columns(
        fylke=draw.weighted(weights, "county"),
        gutt=draw.below(BOYS_PER, "gender") < pl.col("gutter").cast(pl.Int64),
        fodselsar=autumn
        - pl.when(age == AGES[-1]).then(age + draw.below(OLDER_YEARS, "older")).otherwise(age),
        navn=name(draw),
    ).with_columns(
        kommunenummer=pl.col("fylke")
        + (draw.below(UNITS, "municipality") + 1).cast(pl.String).str.zfill(2)
    )


def _age(draw: Draw) -> pl.Expr:
    """One of AGES for each row, as likely as the row's own weight of it says."""
    weights = [pl.col(str(age)).cast(pl.Int64) for age in AGES]
    place = draw.raw("age") % pl.sum_horizontal(weights)
    passed = (
        (place >= pl.sum_horizontal(weights[: count + 1])).cast(pl.Int64)
        for count in range(len(AGES) - 1)
    )
    return AGES[0] + pl.sum_horizontal(passed)


def _numbered(people: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Give everybody a number of the right year and gender; the birthdays spread over the year."""
    group = ["fodselsar", "gutt"]
    first, last = (int(str(f(people["fodselsar"]))) for f in (pl.Series.min, pl.Series.max))
    largest = people.group_by(group).len()["len"].max()
    step = max(1, YEAR * EACH_DAY // int(str(largest)))  # no more days than are needed: they cost
    days = pl.date_range(pl.date(first, 1, 1), pl.date(last, 12, 31), f"{step}d")
    numbers = synthetic_numbers(pl.select(days).to_series().to_list()).with_columns(
        fodselsar=pl.col("birth").dt.year().cast(pl.Int64),
        gutt=pl.col("fodselsnummer").str.slice(8, 1).cast(pl.Int64) % 2 == 1,
        lott=(pl.int_range(pl.len()) * 2_654_435_761 + seed) % 2**32,
    )
    drawn = numbers.sort("lott").with_columns(plass=pl.int_range(pl.len()).over(group))
    return people.with_columns(plass=pl.int_range(pl.len()).over(group)).join(
        drawn.select(*group, "plass", "fodselsnummer"),
        on=[*group, "plass"],
        how="left",
        maintain_order="left",
    )
