"""Quarantine: what became of the lines set aside when a newer file of the same sender is loaded."""

from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from jobs.register.staging import QUARANTINED, Staged
from jobs.register.tables import Delivery, Quarantine, QuarantineOutcome, table_of

TABLE = table_of(Quarantine)


def settle_earlier(
    connection: Connection, staged: Staged, delivery: Delivery, *, full: bool
) -> None:
    """Close the sender's open lines of the same year: mended, wrong again, or no longer delivered.

    An incremental file says nothing of the people it does not hold.
    """
    people = next(table for name, table in staged.tables.items() if "fodselsnummer" in table.c)
    aside = staged[QUARANTINED]
    outcomes = [
        (QuarantineOutcome.AGAIN, TABLE.c.eier.in_(select(aside.c.eier))),
        (QuarantineOutcome.MENDED, TABLE.c.eier.in_(select(people.c.fodselsnummer))),
    ]
    for outcome, condition in outcomes:
        _close(connection, delivery, outcome, condition)
    if full:
        _close(connection, delivery, QuarantineOutcome.GONE, TABLE.c.id.is_not(None))


def _close(
    connection: Connection, delivery: Delivery, outcome: QuarantineOutcome, condition: Any
) -> None:
    other = table_of(Delivery).alias("other")
    earlier = select(other.c.id).where(
        other.c.id < delivery.id,
        other.c.sender == delivery.sender,
        or_(other.c.skolear == delivery.skolear, other.c.skolear.is_(None)),
    )
    connection.execute(
        update(TABLE)
        .where(
            TABLE.c.outcome == QuarantineOutcome.OPEN.value,
            and_(TABLE.c.delivery_id != delivery.id, TABLE.c.delivery_id.in_(earlier)),
            condition,
        )
        .values(outcome=outcome.value, settled_by=delivery.id)
    )
