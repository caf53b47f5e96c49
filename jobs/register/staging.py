"""Staging: controlled lines put beside the register, ready to be merged as sets.

They are written outside the register's transaction, slice by slice, so that the register is locked
only while they are merged, and while the next slice is controlled. SQLite: a throw-away database
file, attached in the transaction. PostgreSQL: unlogged tables of the delivery's own, which a server
empties when it starts after a crash. Either is made anew when a step is begun again; a mark written
last, in the same way as the lines, tells that all of them are there.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

import polars as pl
from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    Pool,
    Table,
    event,
    inspect,
)
from sqlalchemy.types import TypeEngine

from jobs.fencing import must_be_mine
from jobs.register.datasets import Dataset, Target
from jobs.register.staging_writers import open_postgres, open_sqlite
from jobs.register.tables import Quarantine, Violation, table_of

SQLITE_FILE = "staging.db"
ATTACHED = "staging"
LINE = "linje"
PARENT = "forelder"  # the parent's line in the same file
VIOLATIONS, QUARANTINED = "brudd", "karantene"
WHOLE = "hel"  # one row when all the lines are there
FOUND_COLUMNS = {
    VIOLATIONS: (
        Violation,
        ["regel", "alvor", "linje", "linjetype", "skolenummer", "felt", "forklaring"],
    ),
    QUARANTINED: (Quarantine, ["linje", "raw", "regler", "eier"]),
}


def line_columns(target: Target) -> dict[str, TypeEngine[Any]]:
    """Name -> type of a staged line: its place, its parent's, and what it fills."""
    places = {LINE: Integer(), PARENT: Integer()} if target.parent else {LINE: Integer()}
    return places | {column.name: column.type for column in target.columns}


def _columns(dataset: Dataset) -> dict[str, dict[str, TypeEngine[Any]]]:
    found = {
        name: {column: table_of(model).columns[column].type for column in columns}
        for name, (model, columns) in FOUND_COLUMNS.items()
    }
    lines = {target.frame: line_columns(target) for target in dataset.targets}
    return lines | found | {WHOLE: {WHOLE: Integer()}}


@dataclass(frozen=True, slots=True)
class Staged:
    """A delivery's staged tables, by frame."""

    tables: Mapping[str, Table]

    @classmethod
    def declare(cls, dataset: Dataset, delivery_id: int, dialect: str) -> Self:
        sqlite, metadata = dialect == "sqlite", MetaData()
        return cls(
            {
                name: Table(
                    # Never a name of the register's: SQLite would take the one for the other.
                    f"staged_{name}" if sqlite else f"staging_{delivery_id}_{name}",
                    metadata,
                    *(Column(column, kind) for column, kind in columns.items()),
                    schema=ATTACHED if sqlite else None,
                    prefixes=[] if sqlite else ["UNLOGGED"],
                )
                for name, columns in _columns(dataset).items()
            }
        )

    def __getitem__(self, frame: str) -> Table:
        return self.tables[frame]


class Staging:
    """Writes a delivery's lines, a slice at a time, while the caller works on the next.

    One slice is under way at a time; an error in it is raised by the next call or at the end.
    """

    def __init__(self, engine: Engine, dataset: Dataset, delivery_id: int, folder: Path) -> None:
        self._columns = _columns(dataset)
        self._staged = Staged.declare(dataset, delivery_id, engine.dialect.name)
        self._engine, self._file = engine, folder / SQLITE_FILE
        self._worker = ThreadPoolExecutor(1, "staging")
        self._under_way: Future[None] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        must_be_mine()
        opened = open_sqlite if self._engine.dialect.name == "sqlite" else open_postgres
        self._write = self._worker.submit(
            opened, self._open, self._engine, self._staged.tables, self._file
        ).result()
        return self

    def append(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Add a slice: frames by name, each with the columns of `line_columns` (others are left out)."""
        typed = {name: _typed(frame, self._columns[name]) for name, frame in frames.items()}
        self._wait()
        must_be_mine()
        self._under_way = self._worker.submit(self._write, typed)

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.append({WHOLE: pl.DataFrame({WHOLE: [1]})})
                self._wait()
        finally:
            self._worker.submit(self._open.close).result()
            self._worker.shutdown()


def _typed(frame: pl.DataFrame, columns: Mapping[str, TypeEngine[Any]]) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None))
        .cast(_polars_type(kind))
        .alias(name)
        for name, kind in columns.items()
    )


def _polars_type(kind: TypeEngine[Any]) -> type[pl.DataType]:
    if isinstance(kind, Date):
        return pl.Date
    return pl.Int64 if isinstance(kind, Integer) else pl.String


_detaching: WeakSet[Pool] = WeakSet()


class StagingLostError(Exception):
    """The lines that were put beside the register are not there, or not all of them."""


def open_staged(connection: Connection, dataset: Dataset, delivery_id: int, folder: Path) -> Staged:
    """The staged lines as tables in the connection's transaction."""
    staged = _reached(connection, dataset, delivery_id, folder)
    if not _is_whole(connection, staged):
        raise StagingLostError(f"staged lines of delivery {delivery_id} are gone")
    if connection.dialect.name != "sqlite":
        for table in staged.tables.values():
            connection.exec_driver_sql(f"ANALYZE {table.name}")
    return staged


def is_staged(engine: Engine, dataset: Dataset, delivery_id: int, folder: Path) -> bool:
    """Whether the lines are still there, looked up on a connection that holds on to nothing."""
    if engine.dialect.name == "sqlite" and not (folder / SQLITE_FILE).is_file():
        return False
    with engine.execution_options(read_only=True).connect() as connection:
        return _is_whole(connection, _reached(connection, dataset, delivery_id, folder))


def _reached(connection: Connection, dataset: Dataset, delivery_id: int, folder: Path) -> Staged:
    if connection.dialect.name == "sqlite":
        _attach(connection, folder / SQLITE_FILE)
    return Staged.declare(dataset, delivery_id, connection.dialect.name)


def _is_whole(connection: Connection, staged: Staged) -> bool:
    """By the mark; a load that has taken place has dropped it with the lines."""
    mark = staged[WHOLE]
    there = inspect(connection).has_table(mark.name, schema=mark.schema)
    return there and connection.scalar(mark.select()) is not None


def _attach(connection: Connection, file: Path) -> None:
    pool = connection.engine.pool
    # Not event.contains: it knows a pool by its address, which a later pool may get.
    if pool not in _detaching:
        event.listen(pool, "checkin", _detach)
        _detaching.add(pool)
    connection.info[ATTACHED] = True
    connection.exec_driver_sql(f"ATTACH DATABASE ? AS {ATTACHED}", (str(file),))


def _detach(connection: Any, record: Any) -> None:
    """SQLite detaches only outside a transaction: when the connection goes back to the pool."""
    if record.info.pop(ATTACHED, False) and connection is not None:
        connection.execute(f"DETACH DATABASE {ATTACHED}")


def close_staged(connection: Connection, staged: Staged) -> None:
    """Drop what outlives the transaction otherwise; SQLite's file goes with the run's folder."""
    if connection.dialect.name != "sqlite":
        for table in staged.tables.values():
            table.drop(connection)
