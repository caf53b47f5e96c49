"""Account: who is logged in, and what it may deliver, as the ledger says now."""

from dataclasses import dataclass

from sqlalchemy import Engine

from scheduler.access import senders
from scheduler.engine.snapshot import import_routes
from scheduler.ledger.database import reading
from scheduler.ledger.read import current_calendar


@dataclass(frozen=True, slots=True)
class Account:
    """A sender that is not taken back; `deliverables` are those its scope may send."""

    name: str
    scope: str
    public_key: str
    deliverables: tuple[str, ...]


def find(engine: Engine, name: str) -> Account | None:
    """The live account of that name."""
    with reading(engine) as session:
        row = senders.live(session, name)
        if row is None:
            return None
        calendar = current_calendar(session)
        routes = import_routes(calendar) if calendar else {}
        open_to = tuple(sorted(key for key, scopes in routes.items() if row.scope in scopes))
        return Account(row.name, row.scope, row.public_key, open_to)
