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

from jobs.api import Facts, Order, Refusal

log = logging.getLogger(__name__)

REFUSED = "__refused__"
SERIALIZATION_OR_DEADLOCK = ("40001", "40P01")


DATABASE_AWAY = "Databasen svarte ikke, eller var opptatt. Kjør på nytt når den er tilbake."


class StepFailedError(Exception):
    """A step failed; the message carries no identity number."""


def answer(body: Callable[[], Facts], order: Order, name: str) -> Facts:
    """Facts of a step, its refusal as a fact, or an error that names no person."""
    log.info("step %s of %s begins", name, order.run_id, extra={"action": "step"})
    try:
        return body()
    except Refusal as refusal:
        return {REFUSED: list(refusal.reasons)}
    except DBAPIError as error:
        if _may_pass(error):
            raise
        raise _told(error, order, name) from None
    except OSError as error:
        raise StepFailedError(_without_identity_numbers(_os_sentence(error))) from None
    except Exception as error:  # noqa: BLE001 - whatever a body raises, the run tells it
        raise _told(error, order, name) from None


def sentence(error: Exception) -> str:
    """What a run tells of the error that ended it; only what may pass is still a database's error."""
    return DATABASE_AWAY if isinstance(error, DBAPIError) else str(error)


def _may_pass(error: DBAPIError) -> bool:
    """A conflict or a lost connection, which the engine tries again; says nothing of any row."""
    conflict = getattr(error.orig, "sqlstate", None) in SERIALIZATION_OR_DEADLOCK
    return conflict or error.connection_invalidated or "is locked" in str(error.orig)


def _told(error: Exception, order: Order, name: str) -> StepFailedError:
    sentence = _without_identity_numbers(f"{type(error).__name__}: {error}")
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
