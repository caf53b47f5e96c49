"""Shape: a synthetic year's figures beside what the owner and Udir have told, and how near they must come."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter

from jobs.ot.figures import in_target, reasons

FILE = Path(__file__).with_name("seeds.csv")
# Our measures by name: the reason groups of the figures, and the statuses that were told.
REASON_OF = {
    "ikke søkt": "IKKES",
    "avbrudd": "AVBR",
    "takket nei": "NEI",
    "ikke oppnådd kompetanse": "OSMO",
    "andre grunner": "ANDR",
}
YOUNGEST, OLDEST = ("16 og yngre", "17"), ("21",)  # under the age limit from before August 2024
STATUS_GROUP_OF = {"ukjent aktivitet": "1", "under oppfølging": "2"}
COUNT = "tall"


@dataclass(frozen=True, slots=True)
class Seed:
    """A told figure: a count (of the whole country) or a share in per cent, and what may differ."""

    mal: str
    skolear: str
    slag: str
    verdi: float
    avvik: float
    opphav: str
    kilde: str
    merknad: str | None

    def differs(self, measured: float, share: float) -> float:
        """Points for a share, per cent for a count; `share` is how much of the country there was."""
        if self.slag == COUNT:
            return 100 * (measured / (self.verdi * share) - 1)
        return measured - self.verdi


@cache
def seeds() -> dict[str, Seed]:
    """The told figures by name."""
    table = pl.read_csv(FILE, separator=";", comment_prefix="#", infer_schema=False)
    rows = TypeAdapter(list[Seed]).validate_python(table.to_dicts())
    return {seed.mal: seed for seed in rows}


def shares(data: pl.DataFrame) -> Mapping[str, float]:
    """The shares of OT data in per cent, by the names of the seeds."""
    group, counted = in_target(data), reasons(data)

    def of(rows: pl.DataFrame) -> float:
        return 100 * rows.height / group.height

    return {
        **{name: 100 * counted[code] / sum(counted.values()) for name, code in REASON_OF.items()},
        "jenter": of(group.filter(kjonn="K")),
        **{name: of(group.filter(statusgruppe=code)) for name, code in STATUS_GROUP_OF.items()},
    }


def shares_by_age(data: pl.DataFrame) -> Mapping[str, float]:
    """The shares among the youngest and the oldest of a year in per cent, by the names of the seeds."""
    told = {
        "de yngste": (YOUNGEST, ("ikke søkt", "avbrudd")),
        "de eldste": (OLDEST, ("ikke søkt",)),
    }
    return {
        f"{name}, {who}": shares(data.filter(pl.col("aldersgruppe").is_in(ages)))[name]
        for who, (ages, names) in told.items()
        for name in names
    }
