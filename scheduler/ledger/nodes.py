"""Nodes: who holds a name, who beats, who is away, all by the database's clock.

Only where several nodes can be: on PostgreSQL. A node's name is a session's advisory lock, so that it
is free again the moment its process is gone, and every session of the process bears the name, so
that those of a process which no longer answers can be ended.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    func,
    literal_column,
    null,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import Session

from scheduler.ledger.tables import NodeRow

# Any number that no other pair of advisory lock keys in this database begins with.
_NAMES = 7_010_2026
ENDED_WITHIN_MS = 2000
_BEAT_AGE = func.extract("epoch", func.now() - NodeRow.beat_at)
_THEIRS = (
    "datname = current_database() AND starts_with(application_name, :prefix)"
    " AND application_name <> current_setting('application_name')"
)


def can_be_several(database: Engine) -> bool:
    return database.dialect.name == "postgresql"


def session_name(node: str) -> str:
    """What the server calls the sessions of one process of a node (at most 63 bytes)."""
    return f"{_sessions_of(node)}{secrets.token_hex(4)}"


def _sessions_of(node: str) -> str:
    return f"aarshjul/{node}/"


def own_connection(database: Engine) -> Connection:
    """A connection whose every statement counts at once, as signs of life and locks must."""
    return database.connect().execution_options(isolation_level="AUTOCOMMIT")


def register(session: Session, node: str, now: datetime, dead_after: float | None) -> bool:
    """Note that a process begins under the name; whether the one before it ended in order, if any.

    `dead_after` is how many seconds without a beat make it dead; None for a process that never beats.
    """
    row = session.get(NodeRow, node)
    in_order = row is None or row.stopped_at is not None
    if row is None:
        row = NodeRow(name=node, ticked_at=now)
        session.add(row)
    row.process_id, row.started_at, row.stopped_at = os.getpid(), now, None
    row.tick_seconds = (
        0  # none yet; when the one before it ticked tells whether the clock has jumped
    )
    row.beat_at = cast("datetime", func.now()) if dead_after else None
    row.dead_after_seconds = dead_after
    return in_order


def beat(connection: Connection, node: str) -> None:
    """A sign of life."""
    mine = update(NodeRow).where(NodeRow.name == node)
    connection.execute(mine.values(beat_at=func.now(), stopped_at=None))


def note_stopped(session: Session, node: str) -> None:
    """Note that the process ends in order: what it had begun may go on elsewhere at once."""
    session.execute(update(NodeRow).where(NodeRow.name == node).values(stopped_at=func.now()))


def away(connection: Connection) -> dict[str, bool]:
    """Node -> whether it ended in order, of those that have, or that are dead."""
    query = select(NodeRow.name, NodeRow.stopped_at.is_not(None)).where(_is_away())
    return dict(connection.execute(query.order_by(NodeRow.name)).all())


def with_beat_ages(session: Session) -> list[tuple[NodeRow, float | None]]:
    """Every node by name, and the seconds since its last beat; None for one that never beats."""
    beats = session.get_bind().dialect.name == "postgresql"
    query = select(NodeRow, _BEAT_AGE if beats else null()).order_by(NodeRow.name)
    return [(row, None if age is None else float(age)) for row, age in session.execute(query)]


def _is_away() -> ColumnElement[bool]:
    return or_(NodeRow.stopped_at.is_not(None), NodeRow.dead_after_seconds < _BEAT_AGE)


def cut_off(connection: Connection, node: str) -> int:
    """End another process's sessions of a node that is away, and all they hold; how many there were."""
    gone = select(NodeRow.name).where(NodeRow.name == node, _is_away()).exists()
    ended = func.pg_terminate_backend(literal_column("pid"), ENDED_WITHIN_MS)
    query = (
        select(func.count(ended)).select_from(table("pg_stat_activity")).where(text(_THEIRS), gone)
    )
    return connection.scalar(query, {"prefix": _sessions_of(node)}) or 0


@contextmanager
def held_name(connection: Connection, node: str) -> Iterator[bool]:
    """Whether the name is ours for the length of the block: nobody else is this node meanwhile."""
    held = take_name(connection, node)
    try:
        yield held
    finally:
        if held:
            connection.execute(select(func.pg_advisory_unlock(_NAMES, func.hashtext(node))))


def take_name(connection: Connection, node: str) -> bool:
    """Take the name for as long as the connection lasts; False when another session has it."""
    taken = select(func.pg_try_advisory_lock(_NAMES, func.hashtext(node)))
    return bool(connection.scalar(taken))
