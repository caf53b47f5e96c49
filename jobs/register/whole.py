"""Whole results: a query's rows as one frame with the columns' own types, the quickest way out of each database.

The database hands over each column as one JSON array, so that nothing is done row by row. Neither COPY, which gives
Python a row at a time, nor a driver with an SQLite of its own: two of them on one file in a process drop each other's locks.
"""

import json
from typing import Any

import polars as pl
from sqlalchemy import Connection, Date, Integer, Select, Text, cast, func, select
from sqlalchemy.types import TypeEngine

from scheduler.columns import UtcDateTime

# What makes an array of a column, and how an instant stands in it; SQLite keeps them in UTC without saying so.
ARRAYS = {"postgresql": func.json_agg, "sqlite": func.json_group_array}
INSTANTS = {"postgresql": "%Y-%m-%dT%H:%M:%S%.f%:z", "sqlite": "%Y-%m-%d %H:%M:%S%.f"}


def whole(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    """The rows in the caller's transaction; the columns are numbers, days, instants in UTC, or text."""
    array, columns = ARRAYS[connection.dialect.name], query.subquery().columns
    row = connection.execute(select(*(cast(array(c), Text) for c in columns))).one()
    rows = pl.DataFrame(
        {c.name: _values(text, c.type) for c, text in zip(columns, row, strict=True)}
    )
    instant = INSTANTS[connection.dialect.name]
    return rows.select(_typed(pl.col(column.name), column.type, instant) for column in columns)


def _values(text: str | None, kind: TypeEngine[Any]) -> pl.Series:
    return pl.Series(
        json.loads(text or "[]"), dtype=pl.Int64 if isinstance(kind, Integer) else pl.String
    )


def _typed(column: pl.Expr, kind: TypeEngine[Any], instant: str) -> pl.Expr:
    if isinstance(kind, UtcDateTime):
        return column.str.to_datetime(instant, time_unit="us", time_zone="UTC")
    return column.str.to_date("%Y-%m-%d") if isinstance(kind, Date) else column
