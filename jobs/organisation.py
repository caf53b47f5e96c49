"""Organisation numbers (C04): nine digits, of which the last is a check digit by modulo 11."""

import polars as pl

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)  # of the first eight digits
NO_DIGIT = 10  # a check that no digit is: such a number is not given out


def check_digit(digits: list[pl.Expr]) -> pl.Expr:
    """The check of eight digits; NO_DIGIT where there is none."""
    weighted = pl.sum_horizontal(d * w for d, w in zip(digits, WEIGHTS, strict=True))
    # What is left of 11, where 11 itself counts as 0.
    return (11 - weighted % 11) % 11


def holds(column: str) -> pl.Expr:
    """Whether an organisation number has nine digits and the right check digit; null is null."""
    number = pl.col(column)
    digits = [number.str.slice(place, 1).cast(pl.Int64, strict=False) for place in range(9)]
    right = digits[-1] == check_digit(digits[:-1])
    in_form = number.str.contains("^[0-9]{9}$")
    return pl.when(number.is_not_null()).then(in_form & right.fill_null(value=False))


def synthetic_organisations(first: int, count: int) -> list[str]:
    """So many numbers that hold, from the eight digits `first` on: 3… is no real organisation's."""
    # Of eleven numbers one has no check digit, so a tenth more is tried than is needed.
    stems = pl.DataFrame({"stem": range(first, first + count * 11 // 10 + 11)})
    digits = [pl.col("stem") // 10**place % 10 for place in range(7, -1, -1)]
    found = stems.with_columns(check=check_digit(digits)).filter(pl.col("check") != NO_DIGIT)
    return found.head(count).select(pl.format("{}{}", "stem", "check")).to_series().to_list()
