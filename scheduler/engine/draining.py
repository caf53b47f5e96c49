"""Draining: a process that is to stop lets begun steps finish and begins no other.

A run that halts is not settled: the engine resumes it at its next step when the process starts again.
"""

from threading import Event

_draining = Event()


class Halted(BaseException):
    """A run stands still between two steps; no error, so that nobody may catch and record it."""


def begin() -> None:
    """From now on, runs halt where their next step would begin."""
    _draining.set()


def end() -> None:
    _draining.clear()


def halt_if_draining() -> None:
    """To be called where a step begins; raises Halted when it must not."""
    if _draining.is_set():
        raise Halted
