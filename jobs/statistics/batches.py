"""Batches: a query's rows as frames of text, in its order, without holding them all.

PostgreSQL copies the rows out as it does to a file, SQLite hands them over as they are stored; both
give dates as 2026-10-01 and nothing as null, so that what follows is the same for both.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, Select

ROWS_AT_A_TIME = 50_000


def snapshot(engine: Engine) -> Connection:
    """A connection that sees the register as it was at the first read, for all files."""
    connection = engine.connect().execution_options(read_only=True)
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def batches(connection: Connection, query: Select[Any]) -> Iterator[pl.DataFrame]:
    """The rows, with the query's column names; at least one frame, so that none is told too."""
    columns = dict.fromkeys(query.selected_columns.keys(), pl.String)
    literal = query.compile(connection, compile_kwargs={"literal_binds": True})
    found = False
    read = _copied if connection.dialect.name == "postgresql" else _fetched
    for batch in read(connection, str(literal), columns):
        found = True
        yield batch
    if not found:
        yield pl.DataFrame(schema=columns)


Columns = dict[str, type[pl.String]]


def _fetched(connection: Connection, query: str, columns: Columns) -> Iterator[pl.DataFrame]:
    options = {"stream_results": True}
    with connection.exec_driver_sql(query, execution_options=options) as result:
        for rows in result.partitions(ROWS_AT_A_TIME):
            texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
            yield pl.DataFrame(texts, schema=columns, orient="row")


def _copied(connection: Connection, query: str, columns: Columns) -> Iterator[pl.DataFrame]:
    """A row comes as one piece of the copy, so that a value may hold a newline."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        rows = iter(copy)
        while chunk := b"".join(islice(rows, ROWS_AT_A_TIME)):
            yield pl.read_csv(chunk, has_header=False, schema=columns, infer_schema=False)
