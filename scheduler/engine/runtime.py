"""Runtime: what a process hands to its engine, and what it tells of a finished step."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url

from jobs.api import Job, Limits

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class RuntimeParts:
    """The pieces a process hands to its engine."""

    database: Engine
    data_dir: Path
    jobs: Mapping[str, Job]
    clock: Clock
    limits: Limits


@dataclass(frozen=True, slots=True)
class RunStep:
    """A finished step of a run as the engine recorded it (times in UTC, wall clock)."""

    name: str
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


def write_ahead_log(url: str) -> None:
    """Let readers of the engine's SQLite file pass its writers; the mode stays with the file."""
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
