"""Owning: whether this execution of a run is still the one that goes on with it.

The engine gives each execution a token and takes no checkpoint from one that another has followed.
The same word decides here over effects that no checkpoint holds back. The library has it, in the
pinned version, under private names; a test notices when they go.
"""

from collections.abc import Callable
from typing import Any

from dbos._context import current_owner_xid
from dbos._dbos import _get_dbos_instance
from dbos._error import DBOSWorkflowConflictIDError
from dbos._sys_db import SystemDatabase

# As the library reads it, but without waiting for a database that is away: a step has its own tries.
_owner_of: Any = SystemDatabase.get_workflow_owner.__wrapped__  # type: ignore[attr-defined]


def fence(run_id: str) -> Callable[[], None]:
    """A check for any thread, that ends this execution, unrecorded, when it owns the run no longer."""
    token = current_owner_xid(run_id)

    def must_be_ours() -> None:
        if _owner_of(_get_dbos_instance()._sys_db, run_id) != token:  # noqa: SLF001 - see above
            raise DBOSWorkflowConflictIDError(run_id)

    return must_be_ours
