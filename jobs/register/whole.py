"""Whole results: a query's rows as one frame with the columns' own types, the quickest way out of each database.

The database hands over each column as one JSON array, so that nothing is done row by row. Neither COPY, which gives
Python a row at a time, nor a driver with an SQLite of its own: two of them on one file in a process drop each other's locks.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Executable,
    Integer,
    Select,
    Text,
    cast,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from scheduler.columns import UtcDateTime

# What makes an array of a column, and how an instant stands in it; SQLite keeps them in UTC without saying so.
ARRAYS = {"postgresql": func.json_agg, "sqlite": func.json_group_array}
INSTANTS = {"postgresql": "%Y-%m-%dT%H:%M:%S%.f%:z", "sqlite": "%Y-%m-%d %H:%M:%S%.f"}
QUERIES_KEPT = 64  # of those whose statement is kept; a caller that asks again keeps its query


def whole(
    connection: Connection, query: Select[Any], asked: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """The rows in the caller's transaction; the columns are numbers, days, instants in UTC, or text.

    `asked` is what stands for the names in the query.
    """
    dialect = connection.dialect.name
    statement, columns = _as_arrays(query, dialect)
    row, instant = connection.execute(statement, asked).one(), INSTANTS[dialect]
    rows = pl.DataFrame(
        {c.name: _values(text, c.type) for c, text in zip(columns, row, strict=True)}
    )
    return rows.select(_typed(pl.col(column.name), column.type, instant) for column in columns)


@lru_cache(QUERIES_KEPT)
def _as_arrays(query: Select[Any], dialect: str) -> tuple[Executable, Sequence[ColumnElement[Any]]]:
    array, columns = ARRAYS[dialect], tuple(query.subquery().columns)
    return select(*(cast(array(column), Text) for column in columns)), columns


def _values(text: str | None, kind: TypeEngine[Any]) -> pl.Series:
    return pl.Series(
        json.loads(text or "[]"), dtype=pl.Int64 if isinstance(kind, Integer) else pl.String
    )


def _typed(column: pl.Expr, kind: TypeEngine[Any], instant: str) -> pl.Expr:
    if isinstance(kind, UtcDateTime):
        return column.str.to_datetime(instant, time_unit="us", time_zone="UTC")
    return column.str.to_date("%Y-%m-%d") if isinstance(kind, Date) else column
