"""Fencing: what a step does outside the database happens only while its run is still its own.

A process that stood still for longer than the limit goes on where it was, though another has taken
over its run. Its rows are refused by the database; before it renames a file into place, or removes
one, it must ask. Who answers is set by the engine around each step; outside a step nobody forbids.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Fence = Callable[[], None]

_fence: ContextVar[Fence | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(fence: Fence) -> Iterator[None]:
    """Let `must_be_mine` ask `fence` within the block; it raises what ends the step."""
    before = _fence.set(fence)
    try:
        fence()
        yield
    finally:
        _fence.reset(before)


def is_fenced() -> bool:
    """Whether we are inside a step, whose files no other may write now."""
    return _fence.get() is not None


def must_be_mine() -> None:
    """Go on only if the run is still this process's; to be called right before an effect."""
    fence = _fence.get()
    if fence is not None:
        fence()
