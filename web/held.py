"""Held: the occurrences whose newest file waits for a person's yes."""

from dataclasses import replace

from sqlalchemy.orm import Session

from jobs.register.deliveries import held_files
from scheduler.ledger.run_ids import key_of
from scheduler.ledger.views import Item


def held_runs(session: Session) -> frozenset[str]:
    """The runs that held the newest file of a county back."""
    return frozenset(file.run_id for file in held_files(session) if file.run_id)


def marked(items: list[Item], held: frozenset[str]) -> list[Item]:
    """The items, those with such a run said to be held and not stopped."""
    if not held:
        return items
    keys = {key_of(run_id) for run_id in held}
    return [
        replace(item, status=replace(item.status, held=True)) if item.key in keys else item
        for item in items
    ]
