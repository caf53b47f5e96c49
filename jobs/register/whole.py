"""Whole results: a query's rows as one frame with the columns' own types, the quickest way out of each database.

PostgreSQL copies the rows out. SQLite hands over each column as one text, so that nothing is done row by row.
"""

import json
from typing import Any

import polars as pl
from sqlalchemy import Connection, Date, Integer, Select, func, select
from sqlalchemy.types import TypeEngine

from jobs.statistics.batches import batches
from scheduler.columns import UtcDateTime

MOMENT = "%Y-%m-%d %H:%M:%S%.f"


def whole(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    """The rows in the caller's transaction; the columns are numbers, days, instants in UTC, or text."""
    read = _copied if connection.dialect.name == "postgresql" else _as_columns
    rows = read(connection, query)
    return rows.select(
        _typed(pl.col(name), column.type) for name, column in query.selected_columns.items()
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


def _typed(column: pl.Expr, kind: TypeEngine[Any]) -> pl.Expr:
    if isinstance(kind, UtcDateTime):  # both databases keep instants in UTC; one says so
        moment = column.str.strip_suffix("+00")
        return moment.str.to_datetime(MOMENT, time_unit="us", time_zone="UTC")
    if isinstance(kind, Date):
        return column.str.to_date("%Y-%m-%d")
    return column.cast(pl.Int64 if isinstance(kind, Integer) else pl.String)
