"""Fill a register with a loaded delivery, without a file."""

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.imports.load import load
from jobs.imports.stage import stage
from jobs.imports.would_end import would_end
from jobs.register.datasets import NATIONAL, SCHOOL, Extent
from jobs.register.tables import Delivery
from scheduler.calendar.occurrence import NATIONAL as COUNTRY
from tests.jobs.frames import SKOLEAR, quarantined, violations

DELIVERABLE = "skole-off-telling-okt"
NOW = datetime(2026, 10, 15, 6, 0, tzinfo=UTC)
VESTLAND = Extent(SCHOOL, "46", SKOLEAR, "offentlig")


@dataclass(frozen=True)
class Part:
    """A controlled slice, as the load takes it."""

    frames: dict[str, pl.DataFrame]
    violations: pl.DataFrame
    quarantined: pl.DataFrame
    rows: int


def part_of(frames, broken=None, set_aside=None):
    """The slice that holds the frames (elev, kurs, fag)."""
    return Part(
        dict(zip(("elev", "kurs", "fag"), frames, strict=True)),
        violations() if broken is None else broken,
        quarantined() if set_aside is None else set_aside,
        sum(frame.height for frame in frames),
    )


def note_delivery(database, extent=VESTLAND, **values):
    """A waiting delivery of the extent's sender; returns its id."""
    with Session(database) as session, session.begin():
        number = session.scalar(select(func.count()).select_from(Delivery))
        defaults = {
            "sha256": f"{number:064}",
            "sender": COUNTRY if extent.fylkesnummer == NATIONAL else extent.fylkesnummer,
            "deliverable": DELIVERABLE,
            "file_name": "telling.txt",
            "archived_as": f"archive/{number}",
            "bytes": 1,
            "received_at": NOW,
            "skolear": extent.period,
            "job": "import-school",
        }
        delivery = Delivery(**{**defaults, **values})
        session.add(delivery)
        session.flush()
        return delivery.id


def deliver(
    database,
    folder,
    frames,
    extent=VESTLAND,
    broken=None,
    set_aside=None,
    *,
    full=True,
    at=NOW,
    **values,
):
    """Load frames as the sender's next file; returns what the load touched."""
    delivery_id = note_delivery(database, extent, **values)
    folder.mkdir(exist_ok=True)
    stage(database, [part_of(frames, broken, set_aside)], extent, delivery_id, folder)
    with Session(database) as session, session.begin(), session.begin_nested():
        return load(session, delivery_id, extent, folder, at, full=full)


def ending(database, folder, frames, extent=VESTLAND):
    """What loading the frames would end."""
    delivery_id = note_delivery(database, extent)
    folder.mkdir(exist_ok=True)
    stage(database, [part_of(frames)], extent, delivery_id, folder)
    with Session(database) as session:
        return would_end(session, extent, delivery_id, folder)
