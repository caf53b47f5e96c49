"""Runtime: what a process hands to its engine, and what it tells of a finished step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

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
