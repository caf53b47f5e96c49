"""Runtime: what a process hands to its engine, and what it tells of a finished step."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url

from jobs.api import Job, Limits
from scheduler.engine.terms import Terms, TermsOf

Clock = Callable[[], datetime]


def standard_terms(_deliverable: str) -> Terms:
    """What holds where no calendar says otherwise."""
    return Terms()


@dataclass(frozen=True, slots=True)
class RuntimeParts:
    """The pieces a process hands to its engine.

    `session_name` is what a server calls its sessions. `in_turn` lets runs go one by one in the order
    in which they were handed over, as soon as they are: on a led clock nobody waits for a queue.
    """

    database: Engine
    data_dir: Path
    jobs: Mapping[str, Job]
    clock: Clock
    limits: Limits
    channels: Path | None = None
    session_name: str = "aarshjul"
    terms: TermsOf = standard_terms
    in_turn: bool = False


@dataclass(frozen=True, slots=True)
class RunStep:
    """A finished step of a run as the engine recorded it (times in UTC, wall clock)."""

    name: str
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


def write_ahead_log(url: str) -> None:
    """Let readers of the engine's SQLite file pass its writers; the mode stays with the file.

    The file's folder is made if it is not there: the ledger may lie elsewhere, in a folder that is.
    """
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
