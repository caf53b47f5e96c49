"""Logs: a line says which occurrence, attempt and calendar version it is about; as text or as JSON.

What is at work in a thread is set once by `about`; every line it leads to bears it, also the
libraries' lines.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from scheduler.settings import Settings

# Our own lines tell what these do when it matters.
QUIET = ("alembic", "asyncssh", "dbos")
_OF_EVERY_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What a line is about; `attempt` is the run's number. None where there is no such thing."""

    occurrence: str | None = None
    attempt: int | None = None
    calendar_version: int | None = None

    def __str__(self) -> str:
        run = self.occurrence and f"{self.occurrence}#{self.attempt}"
        version = self.calendar_version and f"calendar {self.calendar_version}"
        said = ", ".join(part for part in (run, version) if part)
        return f" [{said}]" if said else ""


_matter: ContextVar[Matter] = ContextVar("matter", default=Matter())  # noqa: B039 - it is frozen


@contextmanager
def about(**facts: str | int | None) -> Iterator[None]:
    """Let every line in the block be about these, beside what it already is about."""
    token = _matter.set(replace(_matter.get(), **facts))  # type: ignore[arg-type]
    try:
        yield
    finally:
        _matter.reset(token)


class AddMatter(logging.Filter):
    """Puts what is at work on the record, unless the line itself says otherwise."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in asdict(_matter.get()).items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


class AsText(logging.Formatter):
    """A line for people, with what it is about at the end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        said = {name: getattr(record, name, None) for name in Matter.__slots__}
        return f"{super().formatMessage(record)}{Matter(**said)}"


class AsJson(logging.Formatter):
    """A JSON object a line: when (UTC), how grave, where, what, and every fact of the record."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {k: v for k, v in record.__dict__.items() if k not in _OF_EVERY_RECORD}
        line = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **facts,
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(level: str, form: str = "text") -> None:
    """Our own lines at `level`, the libraries' only when they matter; `form` is text or json."""
    handler = logging.StreamHandler()
    handler.addFilter(AddMatter())
    handler.setFormatter(AsJson() if form == "json" else AsText())
    logging.basicConfig(level=level, handlers=[handler])
    for library in QUIET:
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLogger().level))
    # It warns of each tick that waits for the one before; the health page tells the tick's age.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It writes lines of its own making unless it finds somebody who does.
    engine = logging.getLogger("dbos")
    engine.handlers, engine.propagate = [handler], False


def log_as_set(settings: Settings) -> None:
    """The log of a process of the service."""
    log_to_stderr(settings.log_level, settings.log_format)
