"""Write the statistics files of a delivery from the register: ordered, streamed, hashed, whole.

The bytes are a function of the register's history, the layout, the reference date and the instant
that is asked for: they are the same when written again, and the same from SQLite and PostgreSQL.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, Engine

from jobs.api import Order, Refusal
from jobs.channels.files import write_whole
from jobs.statistics.batches import batches, snapshot
from jobs.statistics.deliveries import CODES, Delivery
from jobs.statistics.layout import Layout, layouts
from jobs.statistics.receivers import Convention
from jobs.statistics.selection import SELECTIONS, Count
from jobs.statistics.texts import as_written, misfits
from jobs.wording import shortened

SCHOOL = "skolenummer"


@dataclass(frozen=True, slots=True)
class Extract:
    """What to write: a delivery's count, for an occurrence at a stage."""

    delivery: Delivery
    count: Count
    occurrence_key: str
    stage: str

    @classmethod
    def of(cls, delivery: Delivery, order: Order) -> "Extract":
        return cls(delivery, delivery.count(order), order.key, order.stage)

    @property
    def is_preliminary(self) -> bool:
        return self.delivery.is_preliminary(self.stage)

    def file_name(self, kind: str) -> str:
        # No due date: a name must not change with a deadline, or the same rows are other content.
        when, code = self.delivery.speaks_for(self.count), CODES.get(self.stage, self.stage)
        return f"{kind}_{self.count.fylkesnummer}_{when}_{code}.csv"


@dataclass(slots=True)
class WrittenFile:
    """One file as written. `per_school` counts its rows by skolenummer, `codes` by variable and code."""

    name: str
    kind: str
    sha256: str = ""
    bytes: int = 0
    rows: int = 0
    per_school: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=dict)
    sources: set[int] = field(default_factory=set)

    def add(self, written: pl.DataFrame, layout: Layout) -> None:
        """Count a batch of rows as they stand in the file."""
        self.rows += written.height
        if SCHOOL in written.columns:
            self.per_school.update(_counted(written[SCHOOL]))
        for variable in layout.counted:
            self.codes.setdefault(variable, Counter()).update(_counted(written[variable]))


def _counted(column: pl.Series) -> dict[str, int]:
    return dict(column.value_counts().iter_rows())


def write_files(engine: Engine, extract: Extract, folder: Path) -> list[WrittenFile]:
    """Write the delivery's files into the folder.

    Raises Refusal, naming the import's lines, when a value does not fit the layout.
    """
    with snapshot(engine) as connection:
        return [_write(connection, extract, kind, folder) for kind in extract.delivery.files]


def _write(connection: Connection, extract: Extract, kind: str, folder: Path) -> WrittenFile:
    layout, convention = layouts()[kind], extract.delivery.convention
    written = WrittenFile(extract.file_name(kind), kind)
    rows = _fitting(connection, extract, layout, written)
    path = folder / written.name
    written.sha256 = write_whole(path, encoded(rows, layout, convention))
    written.bytes = path.stat().st_size
    return written


def _fitting(
    connection: Connection, extract: Extract, layout: Layout, written: WrittenFile
) -> Iterator[pl.DataFrame]:
    """The rows as texts, counted; refuses after the last row when any of them does not fit."""
    count, selection = extract.count, SELECTIONS[layout.name]
    reasons: list[str] = []
    for batch in batches(connection, selection.ordered(count, connection.dialect)):
        rows = selection.finish(batch)
        texts = as_written(rows, layout)
        convention, day = extract.delivery.convention, count.telledato
        reasons += map(str, misfits(texts, rows["linje"], layout, convention, day))
        written.add(texts, layout)
        written.sources.update(map(int, rows["delivery_id"].unique()))
        yield texts
    if reasons:
        raise Refusal(*shortened(reasons))


def encoded(
    rows: Iterable[pl.DataFrame], layout: Layout, convention: Convention
) -> Iterator[bytes]:
    """Written rows (see `as_written`) as a file's bytes, in the receiver's form."""
    if convention.header:
        heading = convention.separator.join(layout.heading) + convention.line_end.text
        yield heading.encode(convention.encoding)
    for texts in rows:
        file = io.BytesIO()
        texts.write_csv(
            file,
            include_header=False,
            separator=convention.separator,
            line_terminator=convention.line_end.text,
            quote_style="never",
        )
        # What does not fit the character set is named by then, and the file is not kept.
        text = file.getvalue()
        yield (
            text
            if convention.encoding == "utf-8"
            else text.decode().encode(convention.encoding, "replace")
        )
