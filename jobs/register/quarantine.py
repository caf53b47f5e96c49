"""Quarantine: what became of the lines set aside when a newer file of the same sender is loaded."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, or_, select, union_all, update

from jobs.register.datasets import Dataset
from jobs.register.staging import QUARANTINED, Staged
from jobs.register.tables import Delivery, Quarantine, QuarantineOutcome, table_of

TABLE = table_of(Quarantine)


def settle_earlier(
    connection: Connection,
    staged: Staged,
    dataset: Dataset,
    delivery: Delivery,
    jobs: Collection[str],
    *,
    full: bool,
) -> None:
    """Close the sender's open lines of the same year: mended, wrong again, or no longer delivered.

    `jobs` takes in files of the same kind: a file says nothing of another kind's lines, and an
    incremental one nothing of the people it does not hold.
    """
    aside = staged[QUARANTINED]
    owners = (staged[target.frame].c[target.owner] for target in dataset.owners)
    delivered = union_all(*(select(owner) for owner in owners))
    outcomes = [
        (QuarantineOutcome.AGAIN, TABLE.c.eier.in_(select(aside.c.eier))),
        (QuarantineOutcome.MENDED, TABLE.c.eier.in_(delivered)),
    ]
    if full:
        outcomes.append((QuarantineOutcome.GONE, TABLE.c.id.is_not(None)))
    for outcome, condition in outcomes:
        _close(connection, delivery, jobs, outcome, condition)


def _close(
    connection: Connection,
    delivery: Delivery,
    jobs: Collection[str],
    outcome: QuarantineOutcome,
    condition: ColumnElement[bool],
) -> None:
    other = table_of(Delivery).alias("other")
    earlier = select(other.c.id).where(
        other.c.id < delivery.id,
        other.c.sender == delivery.sender,
        other.c.job.in_(jobs),
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
