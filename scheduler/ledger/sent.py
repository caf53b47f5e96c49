"""Sent: the occurrences of which something may have gone out, with no receipt in yet.

The register keeps what goes out; the ledger knows that table by name alone, and no more of it than
this question.
"""

from sqlalchemy import ColumnElement, column, select, table

from scheduler.ledger.tables import OccurrenceRow

_OUTBOUND = table("outbound", column("occurrence_key"), column("received_at"))


def unconfirmed() -> ColumnElement[bool]:
    """Whether an intent to send has no receipt, as a column beside an occurrence."""
    waits = _OUTBOUND.c.received_at.is_(None)
    return OccurrenceRow.key.in_(select(_OUTBOUND.c.occurrence_key).where(waits))
