"""History: what the register knew when. A row that changes or ends is kept as it was.

A current row is known since its delivery was settled. A kept row was known from its own delivery
until `ended_by`, and `how` says why it ended. So what was known at an instant is one query over
the two tables, whenever it is asked.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Select,
    String,
    Subquery,
    Table,
    literal,
    select,
    union_all,
)

from jobs.register.tables import Delivery, RegisterBase, RowId, table_of

KEPT = ("historikk_id", "ended_by", "how")


class How(StrEnum):
    """Why a row is no longer what it was: changed, ended by its sender, or moved to another person."""

    CHANGED = "E"
    ENDED = "S"
    MOVED = "F"


def keep_history(model: type[RegisterBase]) -> Table:
    """Declare the table of a model's earlier rows: its columns, and when and why they ended."""
    table = table_of(model)
    return Table(
        f"{table.name}_historikk",
        RegisterBase.metadata,
        Column("historikk_id", RowId, primary_key=True),
        *(Column(c.name, _plain(c), nullable=c.nullable) for c in table.columns),
        Column("ended_by", BigInteger, nullable=False, index=True),
        Column("how", String(1), nullable=False),
    )


def _plain(column: Column[Any]) -> Any:
    return BigInteger().with_variant(Integer, "sqlite") if column.name == "id" else column.type


def history_of(model: type[RegisterBase]) -> Table:
    """The table of a model's earlier rows."""
    return RegisterBase.metadata.tables[f"{table_of(model).name}_historikk"]


def as_of(model: type[RegisterBase], instant: datetime) -> Subquery:
    """The model's rows as the register knew them at an instant, under the model's column names."""
    settled = select(Delivery.id).where(Delivery.settled_at <= instant)
    now, then = table_of(model), history_of(model)
    current = select(*now.columns).where(now.c.delivery_id.in_(settled))
    earlier: Select[Any] = select(*(then.c[c.name] for c in now.columns)).where(
        then.c.delivery_id.in_(settled), then.c.ended_by.not_in(settled)
    )
    return union_all(current, earlier).subquery(f"{now.name}_per")


def ended(model: type[RegisterBase], delivery_id: int, how: How) -> tuple[list[str], list[Any]]:
    """(names, values) that write a model's row into its history; the values read the model's table."""
    table = table_of(model)
    names = [c.name for c in table.columns]
    values: list[Any] = [*table.columns, literal(delivery_id), literal(how.value)]
    return [*names, "ended_by", "how"], values
