"""Failing: a process whose commits fail, before or after they took place, and whose connects fail."""

import random
import sqlite3
import threading
from pathlib import Path

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

LOST = "server closed the connection unexpectedly"


class Fate:
    """Seeded: which commit fails, and how. Its count is written where the test reads it."""

    def __init__(self, seed, before=0.0, after=0.0, connect=0.0, told=None):
        self.draw = random.Random(seed)
        self.before, self.after, self.connect, self.told = before, after, connect, told
        self.lock = threading.Lock()

    def falls(self, *shares):
        """The number of the share that the draw falls in, None for none of them."""
        with self.lock:
            drawn, below = self.draw.random(), 0.0
        for number, share in enumerate(shares):
            below += share
            if drawn < below:
                return number
        return None

    def tell(self, what):
        with self.lock, Path(self.told).open("a", encoding="utf-8") as lines:
            lines.write(f"{what}\n")


def install(fate):
    do_commit = DefaultDialect.do_commit

    def commit(dialect, connection):
        how = fate.falls(fate.before, fate.after)
        if how is None:
            return do_commit(dialect, connection)
        if how == 1:
            do_commit(dialect, connection)
        fate.tell("failed after" if how else "failed before")
        return _fail(dialect, connection)

    DefaultDialect.do_commit = commit

    @event.listens_for(Engine, "do_connect")
    def connect(dialect, _record, _arguments, _options):
        if fate.falls(fate.connect) is not None:
            fate.tell("no connection")
            raise _error(dialect, "connection failed: the server is starting up")


def _fail(dialect, connection):
    if dialect.name == "postgresql":
        connection.dbapi_connection.close()
        raise psycopg.OperationalError(LOST)
    raise _error(dialect, "database is locked")


def _error(dialect, words):
    kind = psycopg if dialect.name == "postgresql" else sqlite3
    return kind.OperationalError(words)
