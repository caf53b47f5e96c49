"""Load a controlled delivery: register rows, violations and the delivery's state as one act."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from jobs.api import Facts
from jobs.imports.intakes import jobs_of
from jobs.imports.stage import SCHOOL_COUNTS
from jobs.register.datasets import Extent
from jobs.register.merge import merge
from jobs.register.quarantine import settle_earlier
from jobs.register.schools import sync_schools
from jobs.register.staging import QUARANTINED, VIOLATIONS, Staged, close_staged, open_staged
from jobs.register.tables import (
    Delivery,
    DeliveryState,
    Quarantine,
    SchoolCount,
    Violation,
    ViolationCount,
    table_of,
)

# Any number that no other advisory lock in this database uses.
LOAD_LOCK = 1_010_2026


def load(
    session: Session, delivery_id: int, extent: Extent, folder: Path, now: datetime, *, full: bool
) -> Facts:
    """Merge the staged lines and settle the delivery, in the caller's transaction."""
    connection = session.connection()
    wait_for_other_loads(connection)
    sync_schools(session)
    session.flush()
    staged = open_staged(connection, extent.dataset, delivery_id, folder)
    touched = merge(connection, staged, extent, delivery_id, full=full)
    _record(connection, staged, delivery_id)
    delivery = session.get_one(Delivery, delivery_id)
    of_kind = jobs_of(extent.dataset)
    settle_earlier(connection, staged, extent.dataset, delivery, of_kind, full=full)
    _count_schools(connection, delivery_id, pl.read_parquet(folder / SCHOOL_COUNTS))
    close_staged(connection, staged)
    _settle(session, delivery_id, touched.as_json(), now)
    return touched.as_json()


def wait_for_other_loads(connection: Connection) -> None:
    """One load at a time: two counties may hold the same person. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))


def _record(connection: Connection, staged: Staged, delivery_id: int) -> None:
    """Replace what is recorded of the delivery's broken rules and lines set aside."""
    for model, frame in ((Violation, VIOLATIONS), (Quarantine, QUARANTINED)):
        table, lines = table_of(model), staged[frame]
        connection.execute(delete(table).where(table.c.delivery_id == delivery_id))
        names, values = [*lines.columns.keys(), "delivery_id"], [*lines.columns]
        given: list[Any] = [literal(delivery_id)]
        if model is Quarantine:
            names, given = [*names, "outcome"], [*given, literal("open")]
        query = select(*values, *given).order_by(lines.c.linje)
        connection.execute(insert(table).from_select(names, query))
    count_violations(connection, delivery_id)


def count_violations(connection: Connection, delivery_id: int) -> None:
    """Count a delivery's broken rules by school, for the trend."""
    table, counts = table_of(Violation), table_of(ViolationCount)
    connection.execute(delete(counts).where(counts.c.delivery_id == delivery_id))
    school = func.coalesce(table.c.skolenummer, "")
    query = (
        select(table.c.delivery_id, table.c.regel, school, func.max(table.c.alvor), func.count())
        .where(table.c.delivery_id == delivery_id)
        .group_by(table.c.delivery_id, table.c.regel, school)
    )
    names = ["delivery_id", "regel", "skolenummer", "alvor", "antall"]
    connection.execute(insert(counts).from_select(names, query))


def record_violations(session: Session, delivery_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """Replace what is recorded of a refused delivery's faults."""
    session.execute(delete(Violation).where(Violation.delivery_id == delivery_id))
    found = [{**row, "delivery_id": delivery_id} for row in rows]
    if found:
        session.execute(insert(Violation), found)
    session.flush()
    count_violations(session.connection(), delivery_id)


def _count_schools(connection: Connection, delivery_id: int, counts: pl.DataFrame) -> None:
    table = table_of(SchoolCount)
    connection.execute(delete(table).where(table.c.delivery_id == delivery_id))
    rows = [{**row, "delivery_id": delivery_id} for row in counts.iter_rows(named=True)]
    if rows:
        connection.execute(insert(table), rows)


def _settle(session: Session, delivery_id: int, touched: dict[str, int], now: datetime) -> None:
    delivery = session.get_one(Delivery, delivery_id)
    session.execute(
        update(Delivery)
        .where(
            Delivery.id != delivery_id,
            Delivery.deliverable == delivery.deliverable,
            Delivery.sender == delivery.sender,
            Delivery.skolear == delivery.skolear,
            Delivery.state == DeliveryState.LOADED,
        )
        .values(state=DeliveryState.SUPERSEDED.value)
    )
    delivery.state = DeliveryState.LOADED.value
    delivery.counts = {**delivery.counts, **touched}
    delivery.settled_at = now
