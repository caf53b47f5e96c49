"""One way into the database: SQLite (embedded) or PostgreSQL, with the same guarantees."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 30_000


def open_database(
    url: str, pool_size: int = 10, *, create: bool = True, session_name: str = "aarshjul"
) -> Engine:
    """An engine for the ledger and the register; creates a SQLite file and its folder if it may.

    `session_name` is what a server calls its sessions.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and create:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return _sqlite(
            create_engine(
                parsed if create else _existing(parsed),
                pool_size=pool_size,
                max_overflow=pool_size,
                hide_parameters=True,
            )
        )
    driver = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        driver,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # identity numbers must not reach error messages
        connect_args={"application_name": session_name},
    )


def close_database(engine: Engine) -> None:
    """Close all connections, also one that some thread has in hand, as soon as it gives it back.

    By itself the library would leave that one open until its memory is collected.
    """
    event.listen(engine, "checkin", _close)
    engine.dispose()


def _close(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def reading(engine: Engine) -> Session:
    """A session that only reads; on SQLite it never waits for a writer, nor makes one wait."""
    return Session(engine.execution_options(read_only=True))


@event.listens_for(Engine, "handle_error")
def _unreachable_is_lost(context: ExceptionContext) -> None:
    """A server that cannot be reached counts as one that broke off: whoever waits for it may try again.

    On every engine of the process, since the durable engine opens its own. It knows a failed
    connection by the driver's words, and lets a run go when they are others ("connection is bad").
    """
    if context.connection is None and not context.is_pre_ping:
        context.is_disconnect = True


def _existing(url: URL) -> URL:
    """The same SQLite file, opened only if it is there."""
    name = f"file:{quote(url.database or '')}"
    return url.set(database=name, query={"mode": "rw", "uri": "true"})


def _sqlite(engine: Engine) -> Engine:
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: BEGIN is ours (see _begin_immediate).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A reader that later wants to write would fail at once with "locked" under a deferred BEGIN,
    # whatever the busy timeout; readers that only read ask for deferred by execution option.
    deferred = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
