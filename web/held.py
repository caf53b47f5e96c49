"""Held: the occurrences whose newest file waits for a person's yes."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState
from scheduler.ledger.views import Item


def held_runs(session: Session) -> frozenset[str]:
    """The runs that held the newest file of a county back."""
    newest = select(func.max(Delivery.id)).group_by(Delivery.deliverable, Delivery.sender)
    query = select(Delivery.run_id).where(
        Delivery.id.in_(newest), Delivery.state == DeliveryState.HELD
    )
    return frozenset(run_id for run_id in session.scalars(query) if run_id)


def marked(items: list[Item], held: frozenset[str]) -> list[Item]:
    """The items, those with such a run said to be held and not stopped."""
    keys = {run_id.rpartition("#")[0] for run_id in held}
    return [
        replace(item, status=replace(item.status, held=True)) if item.key in keys else item
        for item in items
    ]
