"""Sent: which occurrences something may have gone out of with no receipt in yet, and what was last sent.

The register keeps what goes out; the ledger knows that table by name alone, and no more of it than
these questions.
"""

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, column, select, table

from scheduler.ledger.tables import OccurrenceRow

_OUTBOUND = table(
    "outbound",
    column("id", Integer),
    column("occurrence_key", String),
    column("received_at"),
    column("speaks_for", String),
)


def unconfirmed() -> ColumnElement[bool]:
    """Whether an intent to send has no receipt, as a column beside an occurrence."""
    waits = _OUTBOUND.c.received_at.is_(None)
    return OccurrenceRow.key.in_(select(_OUTBOUND.c.occurrence_key).where(waits))


def last_count(key: str) -> ScalarSelect[str]:
    """The count that the newest sending of an occurrence speaks for, as a column."""
    sendings = select(_OUTBOUND.c.speaks_for).where(_OUTBOUND.c.occurrence_key == key)
    return sendings.order_by(_OUTBOUND.c.id.desc()).limit(1).scalar_subquery()
