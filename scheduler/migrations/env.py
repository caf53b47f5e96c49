"""Alembic's environment: migrates the connection that `scheduler.schema` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from scheduler.schema import TABLES


def _as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write a type of ours as what the database stores, so that old revisions need no code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=list(TABLES),
    render_as_batch=True,
    render_item=_as_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
