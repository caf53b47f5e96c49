"""What a delivery is held against: sender, school year, the numbers and schools that count."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from jobs.codelists import schools
from jobs.identity import SYNTHETIC_ONLY, Kind

NATIONAL = "99"  # the sender of a file with schools of any county


@dataclass(frozen=True, slots=True)
class Expected:
    """The sender's county, the period as in the file, and the rules of the place.

    `last_year` counts last year's completion codes as `jobs.quality.derived.completion` does.
    `skolear` is a school year ("20262027"), for applicants the year they apply in ("2027").
    `accept` is the kinds of identity number let in; `occasion` chooses the severities of the rules;
    `schools` is the register, as `jobs.codelists.schools()` gives it.
    """

    fylkesnummer: str
    skolear: str
    schools: pl.DataFrame = field(default_factory=schools)
    last_year: pl.DataFrame | None = None
    accept: frozenset[Kind] = SYNTHETIC_ONLY
    occasion: str = "telling"
    max_bytes: int = 512 << 20

    @property
    def is_national(self) -> bool:
        """Tell whether the schools may lie in any county."""
        return self.fylkesnummer == NATIONAL

    @property
    def begins(self) -> date | None:
        """The first day of the period; None where the file's own is not known."""
        if not self.skolear:
            return None
        return self.first_day if self.skolear[4:] else date(int(self.skolear), 1, 1)

    @property
    def first_day(self) -> date:
        return date(int(self.skolear[:4]), 8, 1)

    @property
    def last_day(self) -> date:
        return date(int(self.skolear[4:]), 7, 31)

    @property
    def telledato(self) -> date:
        """The reference date of the autumn count: 1 October."""
        return date(int(self.skolear[:4]), 10, 1)
