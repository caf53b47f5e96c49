"""Many: the rows whose column is one of many values, in as few questions as the databases allow."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

# Far under what one statement holds: 32,766 values in SQLite, 65,535 in PostgreSQL.
CHUNK = 10_000


def where_in(
    session: Session,
    query: Select[*tuple[Any, ...]],
    column: InstrumentedAttribute[str],
    values: Collection[str],
) -> Iterator[Row[*tuple[Any, ...]]]:
    """What `query` finds for each of `values`, a value once."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), CHUNK):
        yield from session.execute(query.where(column.in_(wanted[start : start + CHUNK])))
