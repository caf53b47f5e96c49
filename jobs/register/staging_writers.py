"""Staging writers: how each database takes the staged lines, a frame at a time.

`tables` are the staged tables by frame; what is opened is closed with the stack.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from adbc_driver_sqlite import dbapi
from sqlalchemy import Connection, Engine, MetaData, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

Tables = Mapping[str, Table]
Write = Callable[[Mapping[str, pl.DataFrame]], None]


def open_sqlite(stack: ExitStack, engine: Engine, tables: Tables, file: Path) -> Write:
    """A file of the run's own, made anew."""
    file.unlink(missing_ok=True)
    connection = stack.enter_context(closing(dbapi.connect(str(file), autocommit=True)))
    cursor = stack.enter_context(closing(connection.cursor()))
    # Nothing in the file is needed after a crash: the step that writes it is begun again.
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    for table in tables.values():
        plain = table.to_metadata(MetaData(), schema=None)  # type: ignore[arg-type]
        cursor.execute(str(CreateTable(plain).compile(engine)))
    # As text, which is how SQLAlchemy keeps dates in SQLite.
    as_text = pl.selectors.date().dt.to_string("%Y-%m-%d")

    def write(frames: Mapping[str, pl.DataFrame]) -> None:
        for name, frame in frames.items():
            if not frame.is_empty():
                cursor.adbc_ingest(tables[name].name, frame.with_columns(as_text), mode="append")

    return write


def open_postgres(stack: ExitStack, engine: Engine, tables: Tables, _file: Path) -> Write:
    """The delivery's tables, made anew."""
    with engine.begin() as connection:  # all or none: a mark must not stand beside emptied lines
        for table in tables.values():
            table.drop(connection, checkfirst=True)
            table.create(connection)
    connection = stack.enter_context(
        engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    )
    driver: Any = connection.connection.driver_connection

    def write(frames: Mapping[str, pl.DataFrame]) -> None:
        with _told_as_by_sqlalchemy(connection, driver):
            for name, frame in frames.items():
                if not frame.is_empty():
                    _copy(driver, tables[name], frame)

    return write


@contextmanager
def _told_as_by_sqlalchemy(connection: Connection, driver: Any) -> Iterator[None]:
    """Give the driver's own errors the name by which a step knows a database that is away for a while."""
    dialect = connection.dialect
    errors: Any = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        lost = dialect.is_disconnect(error, driver, None)
        raise DBAPIError("COPY", None, error, connection_invalidated=lost) from error


def _copy(driver: Any, table: Table, frame: pl.DataFrame) -> None:
    text = io.BytesIO()
    frame.write_csv(text, include_header=False)
    names = ", ".join(table.columns.keys())
    statement = f"COPY {table.name} ({names}) FROM STDIN (FORMAT csv)"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text.getbuffer())
