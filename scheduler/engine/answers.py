"""Answers: what a step's body gives back, made fit to be stored: facts, a refusal, or an error.

Whatever the engine stores names no person.
"""

import logging
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from sqlalchemy.exc import DBAPIError

from jobs.api import Facts, Hindrance, Order, Refusal
from jobs.channels.files import NO_ROOM, NoRoom

log = logging.getLogger(__name__)

REFUSED = "__refused__"
SERIALIZATION_OR_DEADLOCK = ("40001", "40P01")
DISK_FULL = "53100"
SQLITE_CANNOT_WRITE = ("database or disk is full", "disk I/O error")


DATABASE_FULL = (
    "Databasen kan ikke skrive: disken er full eller svarer ikke. Ingenting er lagret. "
    "Se etter plass, og prøv på nytt."
)
DATABASE_AWAY = "Databasen svarte ikke, eller var opptatt. Kjør på nytt når den er tilbake."


# Faults of the file system that are still there when one looks again.
LASTING = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


class StepFailedError(Exception):
    """A step failed; the message carries no identity number."""


class PassingError(StepFailedError):
    """A step failed of what may pass by itself: a disk, a network, a service that did not answer."""


def answer(body: Callable[[], Facts], order: Order, name: str) -> Facts:
    """Facts of a step, its refusal as a fact, or an error that names no person."""
    log.info("step %s of %s begins", name, order.run_id, extra={"action": "step"})
    try:
        return body()
    except Hindrance as ours:
        raise StepFailedError(_without_identity_numbers(str(ours))) from None
    except Refusal as refusal:
        return {REFUSED: list(refusal.reasons)}
    except DBAPIError as error:
        if _may_pass(error):
            raise
        raise _told(error, order, name) from None
    except OSError as error:
        if error.errno in NO_ROOM and error.filename:
            raise StepFailedError(str(NoRoom(Path(error.filename).parent))) from None
        kind = StepFailedError if isinstance(error, LASTING) else PassingError
        raise kind(_without_identity_numbers(_os_sentence(error))) from None
    except Exception as error:  # noqa: BLE001 - whatever a body raises, the run tells it
        raise _told(error, order, name) from None


def sentence(error: Exception) -> str:
    """What a run tells of the error that ended it; only what may pass is still a database's error."""
    return DATABASE_AWAY if isinstance(error, DBAPIError) else str(error)


def may_pass(error: BaseException) -> bool:
    """Whether what a step raised may pass by itself; bad data, a bug or a missing file does not."""
    return isinstance(error, PassingError | DBAPIError)  # only passing ones come out of `answer`


def _may_pass(error: DBAPIError) -> bool:
    """A conflict or a lost connection, which the engine tries again; says nothing of any row."""
    conflict = getattr(error.orig, "sqlstate", None) in SERIALIZATION_OR_DEADLOCK
    return conflict or error.connection_invalidated or "is locked" in str(error.orig)


def _cannot_write(error: BaseException | None) -> bool:
    """Whether a database found no room; what it could not undo after that may hide it."""
    while error is not None:
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        if state == DISK_FULL or any(words in str(error) for words in SQLITE_CANNOT_WRITE):
            return True
        error = error.__context__
    return False


def _told(error: Exception, order: Order, name: str) -> StepFailedError:
    said = DATABASE_FULL if _cannot_write(error) else f"{type(error).__name__}: {error}"
    sentence = _without_identity_numbers(said)
    place = _innermost(error.__traceback__) if error.__traceback__ else "?"
    log.error(
        "step %s of %s failed at %s: %s",
        name,
        order.run_id,
        place,
        sentence,
        extra={"action": "step-failed"},
    )
    return StepFailedError(sentence)


def _innermost(trace: TracebackType) -> str:
    frame = traceback.extract_tb(trace)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _os_sentence(error: OSError) -> str:
    return f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")


def _without_identity_numbers(sentence: str) -> str:
    return re.sub(r"\d{11}", "<nummer fjernet>", sentence)
