"""Deterministic draws for whole columns: a value is a pure function of seed, stream and row number.

No generator state, no hash seed, no platform: the same arguments give the same bytes anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import polars as pl

MODULUS = 2**31 - 1  # products of two values below it stay within 63 bits
MULTIPLIERS = (48271, 69621, 1226874159)


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws for the rows of a frame, by the integer column `row`."""

    seed: str
    row: str = "nr"

    def raw(self, stream: str) -> pl.Expr:
        """Give each row an integer from 0 up to MODULUS, evenly spread."""
        value = (
            pl.col(self.row).cast(pl.Int64) + crc32(f"{self.seed}/{stream}".encode())
        ) % MODULUS
        for multiplier in MULTIPLIERS:
            value = value * multiplier % MODULUS
            value = value ^ (value // 2**15)
        return value % MODULUS

    def below(self, limit: int, stream: str) -> pl.Expr:
        """Give each row an integer from 0 up to the limit."""
        return self.raw(stream) % limit

    def chance(self, per_mille: int, stream: str) -> pl.Expr:
        """Give true for about so many rows in a thousand."""
        return self.below(1000, stream) < per_mille

    def choose(self, values: Sequence[str], stream: str) -> pl.Expr:
        """Give each row one of the values, all equally likely."""
        return self.below(len(values), stream).replace_strict(
            list(range(len(values))), list(values), return_dtype=pl.String
        )

    def weighted(self, weights: dict[str, int], stream: str) -> pl.Expr:
        """Give each row one of the keys, as likely as its weight says."""
        place = self.below(sum(weights.values()), stream)
        chosen = pl.lit(None, pl.String)
        upper = sum(weights.values())
        for value, weight in reversed(weights.items()):
            chosen = pl.when(place < upper).then(pl.lit(value)).otherwise(chosen)
            upper -= weight
        return chosen
