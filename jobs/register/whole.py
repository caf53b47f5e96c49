"""Whole results: a query's rows as one frame with the columns' own types, the quickest way out of each database.

PostgreSQL copies the rows out. SQLite hands over each column as one text, so that nothing is done row by row; a driver
with an SQLite of its own would be quicker still, but two of them on one file in a process drop each other's locks.
"""

import json
from typing import Any

import polars as pl
from sqlalchemy import Connection, Date, Integer, Select, func, select
from sqlalchemy.types import TypeEngine

from jobs.statistics.batches import batches
from scheduler.columns import UtcDateTime

MOMENT, UTC = "%Y-%m-%d %H:%M:%S%.f%#z", "+00"


def whole(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    """The rows in the caller's transaction; the columns are numbers, days, instants in UTC, or text."""
    copies = connection.dialect.name == "postgresql"
    rows = _copied(connection, query) if copies else _as_columns(connection, query)
    zone = "" if copies else UTC  # instants are copied out with their zone, and kept without one
    return rows.select(
        _typed(pl.col(name), column.type, zone) for name, column in query.selected_columns.items()
    )


def _copied(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    return pl.concat(batches(connection, query))


def _as_columns(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    columns = query.subquery().columns
    row = connection.execute(select(*(func.json_group_array(c) for c in columns))).one()
    kinds = [pl.Int64 if isinstance(c.type, Integer) else pl.String for c in columns]
    return pl.DataFrame(
        {
            column.name: pl.Series(json.loads(text), dtype=kind)
            for column, text, kind in zip(columns, row, kinds, strict=True)
        }
    )


def _typed(column: pl.Expr, kind: TypeEngine[Any], zone: str) -> pl.Expr:
    if isinstance(kind, UtcDateTime):
        moment = pl.concat_str(column, pl.lit(zone))
        return moment.str.to_datetime(MOMENT, time_unit="us", time_zone="UTC")
    if isinstance(kind, Date):
        return column.str.to_date("%Y-%m-%d")
    return column.cast(pl.Int64 if isinstance(kind, Integer) else pl.String)
