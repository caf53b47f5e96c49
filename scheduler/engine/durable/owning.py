"""Owning: what the engine's tables tell for sure of a run: whose it is, and which rows it has stored.

The engine gives each execution a token and takes no checkpoint from one that another has followed.
The same word decides here over effects that no checkpoint holds back. The library has both, in the
pinned version, under private names alone, and they are used here alone; tests notice when they go.
"""

from collections.abc import Callable
from typing import Any

from dbos import SQLAlchemyDatasource as Datasource
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


def is_committed(datasource: Datasource, run_id: str, number: int) -> bool:
    """Whether the data step of this number has stored its rows, with the checkpoint beside them.

    The library lists a step only once the engine has heard of it, which is a moment later.
    """
    found = datasource._check_execution(run_id, number)  # noqa: SLF001 - see above
    return found is not None and not found["error"]
