"""Into the register: frames of the nation staged and merged as a controlled file is, with its delivery."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.imports.expected import NATIONAL
from jobs.imports.load import load
from jobs.imports.records import typed
from jobs.imports.stage import stage
from jobs.quality.engine import SCHEMA
from jobs.register.datasets import Dataset, Extent
from jobs.register.tables import Delivery, DeliveryState
from jobs.synth.people import counties

SENDER = "national"
NOBODY = pl.DataFrame(
    schema={"linje": pl.UInt32} | dict.fromkeys(("raw", "regler", "eier"), pl.String)
)


@dataclass(frozen=True, slots=True)
class Part:
    """The whole of a file that nothing was found in."""

    frames: Mapping[str, pl.DataFrame]
    rows: int
    violations: pl.DataFrame
    quarantined: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Register:
    """A register with all its tables, and a folder to stage in."""

    engine: Engine
    folder: Path

    def take(
        self,
        row: str,
        dataset: Dataset,
        frames: Mapping[str, pl.DataFrame],
        period: str,
        now: datetime,
        county: str = NATIONAL,
    ) -> None:
        """Load frames of text as a file that adds and changes; `row` is the delivery's row in the calendar.

        A file of a national sender is noted for every county too: their transfers ask for their own.
        """
        part = _part(dataset, frames)
        self.note([row], counties() if county == NATIONAL else [county], now)
        if not part.rows:
            return
        extent = Extent(dataset, county, period)
        with Session(self.engine) as session, session.begin():
            noted = _delivery(row, SENDER if county == NATIONAL else county, now)
            session.add(noted)
            session.flush()
            number = noted.id
        work = self.folder / f"innlesing-{number}"
        work.mkdir(parents=True)
        stage(self.engine, [part], extent, number, work)
        with Session(self.engine) as session, session.begin():
            load(session, number, extent, work, now, full=False)

    def note(self, rows: Collection[str], senders: Collection[str], now: datetime) -> None:
        """Note deliveries as loaded, without a file: what gates look for, where there was nothing new."""
        with Session(self.engine) as session, session.begin():
            for row in rows:
                for sender in senders:
                    noted = _delivery(row, sender, now)
                    noted.state, noted.settled_at = DeliveryState.LOADED.value, now
                    session.add(noted)


def _part(dataset: Dataset, frames: Mapping[str, pl.DataFrame]) -> Part:
    lines: dict[str, pl.DataFrame] = {}
    place = 2  # the header would be line 1
    for target in dataset.targets:
        frame = frames.get(target.frame, pl.DataFrame())
        numbered = frame.with_columns(
            linje=pl.int_range(place, place + frame.height, dtype=pl.UInt32)
        )
        lines[target.frame] = typed(numbered, target.frame)
        place += frame.height
    return Part(lines, place - 2, pl.DataFrame(schema=SCHEMA), NOBODY)


def _delivery(row: str, sender: str, now: datetime) -> Delivery:
    return Delivery(
        sha256=uuid4().hex * 2,
        sender=sender,
        deliverable=row,
        file_name="syntetisk",
        archived_as="syntetisk",
        bytes=0,
        received_at=now,
    )
