"""Sent: the occurrences of which something may have gone out, with no receipt in yet.

The register keeps what goes out; the ledger knows that table by name alone, and no more of it than
this question.
"""

from sqlalchemy import Select, column, select, table
from sqlalchemy.orm import Session

_OUTBOUND = table("outbound", column("occurrence_key"), column("received_at"))


def unconfirmed(session: Session) -> frozenset[str]:
    """The keys of the occurrences with an intent to send that no receipt has answered."""
    query: Select[tuple[str]] = select(_OUTBOUND.c.occurrence_key)
    return frozenset(session.scalars(query.where(_OUTBOUND.c.received_at.is_(None))))
