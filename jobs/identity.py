"""Identity numbers: which kind a number is, whether it holds, and synthetic ones to test with.

A number is DDMMYY, three individual digits and two check digits. Kinds differ in what is added to
the day or the month. From 2032 the first check digit may leave a remainder of 0 to 3, and a number
then no longer tells the century; numbers already issued stay valid. `classify` reads one number,
`kind_expression` a whole column; a test holds them to the same answer.
"""

# ruff: noqa: PLR2004 - places, lengths and century limits of the number are the rule itself

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

import polars as pl

from jobs.codelists import table

WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
NEW_RULE_FROM = date(2032, 1, 1)


class Kind(StrEnum):
    """What sort of number it is; `H` and `NAV` both add 40 to the month and cannot be told apart."""

    F = "F"
    D = "D"
    SYNTHETIC_80 = "SYNTHETIC_80"
    VIGO_FICTITIOUS = "VIGO_FICTITIOUS"
    H_OR_NAV = "H_OR_NAV"
    NHN = "NHN"
    FH = "FH"
    INVALID = "INVALID"


class Reason(StrEnum):
    """Why a number does not hold, as a Norwegian clause without the number."""

    FORM = "det må være elleve siffer"
    DATE = "datoen finnes ikke"
    CENTURY = "individsifrene passer ikke til noe århundre"
    CHECK_DIGITS = "kontrollsifrene stemmer ikke"


PRODUCTION = frozenset({Kind.F, Kind.D, Kind.VIGO_FICTITIOUS})
SYNTHETIC_ONLY = frozenset({Kind.SYNTHETIC_80})


@dataclass(frozen=True, slots=True)
class Identity:
    """What one number is: its kind, the birth date where the number tells it, and its faults."""

    kind: Kind
    birth_date: date | None = None
    reasons: tuple[Reason, ...] = ()


@cache
def vigo_counties() -> frozenset[str]:
    """Every county number there has been: a fictitious number ends with its issuer's."""
    return frozenset(table("fylke")["kode"])


def _remainders(digits: list[int]) -> tuple[int, int]:
    first = sum(weight * digit for weight, digit in zip(WEIGHTS_1, digits, strict=False))
    second = sum(weight * digit for weight, digit in zip(WEIGHTS_2, digits, strict=True))
    return first % 11, second % 11


def _birth_year(year: int, individual: int) -> int | None:
    """The year in full by the rule that holds until 2032, or None where it gives no century."""
    ranges = (
        (individual < 500, 1900),
        (individual < 750 and year >= 54, 1800),
        (individual >= 500 and year < 40, 2000),
        (individual >= 900 and year >= 40, 1900),
    )
    return next((century + year for matches, century in ranges if matches), None)


def _kind_of_month(day: int, month: int) -> tuple[Kind, int]:
    """The kind that day and month tell, and the real month."""
    if month > 80:
        return Kind.SYNTHETIC_80, month - 80
    if month > 65:
        return Kind.NHN, month - 65
    if month > 40:
        return Kind.H_OR_NAV, month - 40
    return (Kind.D if day > 40 else Kind.F), month


def _looks_fictitious(number: str, day: int, kind: Kind) -> bool:
    return kind is Kind.D and day <= 71 and number[6] == "9" and number[9:] in vigo_counties()


def _date_exists(day: int, month: int, year: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def classify(number: str, on: date) -> Identity:
    """Say what a number is on a date (from 2032 the newer check-digit rule counts too).

    VIGO's fictitious numbers look like D-numbers and need not pass the check digits, so they are
    recognised before those are held against a number; a number that passes them is a D-number.
    """
    if len(number) != 11 or not (number.isascii() and number.isdigit()):
        return Identity(Kind.INVALID, reasons=(Reason.FORM,))
    if number[0] in "89":
        return Identity(Kind.FH)
    old_rule = on < NEW_RULE_FROM
    first, second = _remainders([int(digit) for digit in number])
    holds = second == 0 and first <= (0 if old_rule else 3)
    day, written_month, year = (int(number[start : start + 2]) for start in (0, 2, 4))
    kind, month = _kind_of_month(day, written_month)
    full_year = _birth_year(year, int(number[6:9])) if old_rule else None
    exists = _date_exists(day % 40, month, full_year or 2000 + year)
    if exists and not holds and _looks_fictitious(number, day, kind):
        return Identity(Kind.VIGO_FICTITIOUS)
    faults = (
        (not exists, Reason.DATE),
        (old_rule and full_year is None, Reason.CENTURY),
        (not holds, Reason.CHECK_DIGITS),
    )
    if reasons := tuple(reason for broken, reason in faults if broken):
        return Identity(Kind.INVALID, reasons=reasons)
    return Identity(kind, date(full_year, month, day % 40) if full_year else None)


def kind_expression(column: str, on: date) -> pl.Expr:
    """`classify(...).kind` for a whole column of text, by column arithmetic; null stays null."""
    text = pl.col(column)
    number = text.cast(pl.Int64, strict=False)
    part = _part(number)
    day, written_month, year, individual = part(0, 2), part(2, 2), part(4, 2), part(6, 3)
    old_rule = on < NEW_RULE_FROM
    first, second = (_weighted(part, weights) % 11 for weights in (WEIGHTS_1, WEIGHTS_2))
    holds = (second == 0) & (first <= (0 if old_rule else 3))
    kind, month = _kind_and_month_expressions(day, written_month)
    full_year = _birth_year_expression(year, individual) if old_rule else year + 2000
    exists = _date_exists_expression(day % 40, month, full_year.fill_null(year + 2000))
    fictitious = (
        (kind == Kind.D.value)
        & (part(6, 1) == 9)
        & text.str.slice(9).is_in(sorted(vigo_counties()))
    )
    return (
        pl.when(text.is_null())
        .then(None)
        .when(~text.str.contains(r"^[0-9]{11}$"))
        .then(pl.lit(Kind.INVALID.value))
        .when(part(0, 1) >= 8)
        .then(pl.lit(Kind.FH.value))
        .when(exists & ~holds & fictitious)
        .then(pl.lit(Kind.VIGO_FICTITIOUS.value))
        .when(exists & holds & full_year.is_not_null())
        .then(kind)
        .otherwise(pl.lit(Kind.INVALID.value))
    )


def _part(number: pl.Expr) -> Callable[[int, int], pl.Expr]:
    """Read digits out of an eleven-digit number: start and length to their value."""
    return lambda start, length: number // 10 ** (11 - start - length) % 10**length


def _weighted(part: Callable[[int, int], pl.Expr], weights: tuple[int, ...]) -> pl.Expr:
    return pl.sum_horizontal(part(place, 1) * weight for place, weight in enumerate(weights))


def _kind_and_month_expressions(day: pl.Expr, month: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    kinds = ((80, Kind.SYNTHETIC_80), (65, Kind.NHN), (40, Kind.H_OR_NAV))
    kind = pl.when(day > 40).then(pl.lit(Kind.D.value)).otherwise(pl.lit(Kind.F.value))
    real_month = month
    for added, name in reversed(kinds):
        kind = pl.when(month > added).then(pl.lit(name.value)).otherwise(kind)
        real_month = pl.when(month > added).then(month - added).otherwise(real_month)
    return kind, real_month


def birth_year_expression(column: str) -> pl.Expr:
    """The birth year that a column's numbers tell by the rule until 2032, else null; `classify` checks them."""
    part = _part(pl.col(column).cast(pl.Int64, strict=False))
    return _birth_year_expression(part(4, 2), part(6, 3))


def _birth_year_expression(year: pl.Expr, individual: pl.Expr) -> pl.Expr:
    return (
        pl.when(individual < 500)
        .then(year + 1900)
        .when((individual < 750) & (year >= 54))
        .then(year + 1800)
        .when(year < 40)
        .then(year + 2000)
        .when(individual >= 900)
        .then(year + 1900)
    )


def _date_exists_expression(day: pl.Expr, month: pl.Expr, year: pl.Expr) -> pl.Expr:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = (
        pl.when(month == 2)
        .then(28 + leap.cast(pl.Int64))
        .when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .otherwise(31)
    )
    return month.is_between(1, 12) & (day >= 1) & (day <= days)


def synthetic_numbers(births: Sequence[date]) -> pl.DataFrame:
    """Every month + 80 number of the given birth dates (1900-2039): birth, serial, fodselsnummer.

    `serial` counts a date's numbers from 0; a date has about 410. No real person has such a month.
    """
    individuals = pl.DataFrame({"individual": range(1000)}, schema={"individual": pl.Int64})
    dates = pl.DataFrame({"birth": births}, schema={"birth": pl.Date}).unique().sort("birth")
    year = pl.col("birth").dt.year()
    stem = (
        pl.col("birth").dt.day().cast(pl.Int64) * 10**9
        + (pl.col("birth").dt.month().cast(pl.Int64) + 80) * 10**7
        + (year % 100).cast(pl.Int64) * 10**5
        + pl.col("individual") * 100
    )
    part = _part(pl.col("stem"))
    first = -_weighted(part, WEIGHTS_1[:9]) % 11
    second = -(_weighted(part, WEIGHTS_2[:9]) + pl.col("k1") * WEIGHTS_2[9]) % 11
    return (
        dates.join(individuals, how="cross", maintain_order="left_right")
        .filter((year >= 2000) == (pl.col("individual") >= 500))
        .with_columns(stem=stem)
        .with_columns(k1=first)
        .with_columns(k2=second)
        .filter(pl.col("k1") < 10, pl.col("k2") < 10)
        .select(
            "birth",
            serial=pl.int_range(pl.len()).over("birth"),
            fodselsnummer=(pl.col("stem") + pl.col("k1") * 10 + pl.col("k2"))
            .cast(pl.String)
            .str.zfill(11),
        )
    )
