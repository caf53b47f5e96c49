"""The figures of a synthetic national year beside what the owner and Udir have told of OT; not a measure of time.

Two years: under the age limit from before August 2024, and the year after it. Takes many minutes.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.rows import Row
from jobs.ot.age import WHY
from jobs.ot.figures import in_target
from jobs.register.followup import OtLinje
from jobs.register.tables import RegisterBase
from jobs.synth.nation.register import Register
from jobs.synth.nation.shape import COUNT, Seed, seeds, shares, shares_by_age
from jobs.synth.nation.year import CHOSEN, Year
from scheduler.ledger.database import open_database

BEFORE, AFTER = "2023-2024", "2024-2025"


def run() -> Iterator[Row]:
    before, _ = _lived(BEFORE, ())
    after, aged = _lived(AFTER, CHOSEN)
    measured = {
        "målgruppen 2024": in_target(before).height,
        "målgruppen 2025": in_target(after).height,
        "ut ved årsskiftet": aged,
        **shares(after),
        **shares_by_age(before),
    }
    for name, seed in seeds().items():
        unit = "" if seed.slag == COUNT else "%"
        yield Row(f"OT in a synthetic year: {name}", measured[name], seed.verdi, unit, _told(seed))


def _told(seed: Seed) -> str:
    how = "comes out" if seed.opphav == "kommer ut" else "steered"
    whose = "Udir's figure of June 2019" if seed.kilde == "P" else "the owner's figure"
    return f"{whose}; {how}"


def _lived(cycle: str, chosen: tuple[str, ...]) -> tuple[pl.DataFrame, int]:
    """OT data per 15 June, and how many went out at new year."""
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name:
        engine = open_database(f"sqlite:///{name}/register.db")
        RegisterBase.metadata.create_all(engine)
        data = Year(Register(engine, Path(name)), cycle, 1.0, chosen).live()
        with Session(engine) as session:
            ended = select(func.count()).where(OtLinje.avsluttet_grunn == WHY)
            aged = session.scalar(ended) or 0
        engine.dispose()
    return data, aged
