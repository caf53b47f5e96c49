"""Once: what one page asks the ledger more than once is read once, and so tells the same each time."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.ledger.database import reading

Asked = ParamSpec("Asked")
Told = TypeVar("Told")
_MEMORY = "read once"


def one_look(engine: Engine) -> Session:
    """A session that only reads, for as long as one answer takes: it remembers what it was told."""
    session = reading(engine)
    session.info[_MEMORY] = {}
    return session


def once(
    read: Callable[Concatenate[Session, Asked], Told],
) -> Callable[Concatenate[Session, Asked], Told]:
    """Let a reading function, whose arguments are hashable, be asked of the ledger once in a look.

    In any other session it is read each time: what lives longer must see what is written meanwhile.
    """

    @wraps(read)
    def kept(session: Session, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Told:
        memory: dict[Any, Told] | None = session.info.get(_MEMORY)
        if memory is None:
            return read(session, *args, **kwargs)
        key = (read, args, frozenset(kwargs.items()))
        if key not in memory:
            memory[key] = read(session, *args, **kwargs)
        return memory[key]

    return kept
