"""All rules and gates of the transfer to OT over the register, against reading the same tables once.

A county by default; `AARSHJUL_BENCH_SCALE=national` takes the whole country.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.county_import import noted
from bench.rows import Row, seconds
from jobs.imports.control import control_slices
from jobs.imports.expected import Expected
from jobs.imports.intakes import intakes
from jobs.imports.layout import load_layout
from jobs.imports.load import load
from jobs.imports.stage import stage
from jobs.ot.candidates import find
from jobs.ot.catalogue import Category
from jobs.ot.reading import read
from jobs.ot.transfer import Transfer
from jobs.register.tables import RegisterBase
from jobs.synth import Scale, counties, write_extract, write_kind
from scheduler.ledger.database import open_database

CYCLE, COUNTY = "2026-2027", "46"
PER, WRITTEN = date(2026, 11, 5), date(2026, 10, 29)
NOW = datetime(2026, 10, 30, 8, 0, tzinfo=UTC)
KINDS = ("import-school", "import-adults", "import-applicants-autumn", "import-contracts")


def run() -> Iterator[Row]:
    national = os.environ.get("AARSHJUL_BENCH_SCALE") == "national"
    chosen = counties() if national else (COUNTY,)
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name:
        engine = open_database(f"sqlite:///{name}/register.db")
        RegisterBase.metadata.create_all(engine)
        for number, county in enumerate(chosen):
            for place, job in enumerate(KINDS):
                _import(engine, Path(name), job, county, number * len(KINDS) + place + 1)
        transfer = Transfer(None if national else COUNTY, CYCLE.replace("-", ""), PER)
        found = []
        ours = seconds(lambda: found.append(find(engine, transfer, list(Category))), process_time)
        peer = seconds(lambda: _read(engine, transfer), process_time)
        engine.dispose()
    told = found[0].told
    whose = "the country" if national else "a county"
    yield Row(
        f"Transfer to OT of {whose}: every rule and gate, CPU",
        ours,
        peer,
        "s",
        f"reading the same tables once ({told['kandidater']} candidates found in them)",
    )


def _read(engine: Engine, transfer: Transfer) -> None:
    with engine.connect() as connection:
        read(connection, transfer)


def _import(engine: Engine, folder: Path, job: str, county: str, delivery: int) -> None:
    """Load a synthetic file of a kind, as the import job does."""
    intake, path = intakes()[job], folder / f"{delivery}.txt"
    extent = intake.extent(county, CYCLE)
    if job == "import-school":
        write_extract(path, county, CYCLE, scale=Scale.COUNTY)
    else:
        write_kind(path, intake.layout, county, extent.period, WRITTEN, 1, Scale.COUNTY)
    with Session(engine) as session, session.begin():
        row = noted(path)
        row.sha256, row.sender, row.deliverable = f"{delivery:064}", county, job
        session.add(row)
    work = folder / str(delivery)
    work.mkdir()
    expected = Expected(county, extent.period, occasion=intake.occasion)
    slices = control_slices(path, expected, load_layout(intake.layout))
    stage(engine, slices, extent, delivery, work)
    with Session(engine) as session, session.begin():
        load(session, delivery, extent, work, NOW, full=intake.full)
    path.unlink()
