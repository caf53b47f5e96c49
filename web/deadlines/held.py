"""Held: the occurrences whose newest file waits for a person's yes."""

from dataclasses import replace

from scheduler.ledger.run_ids import key_of
from scheduler.ledger.views import Item


def marked(items: list[Item], held: frozenset[str]) -> list[Item]:
    """The items, those with such a run said to be held and not stopped."""
    if not held:
        return items
    keys = {key_of(run_id) for run_id in held}
    return [
        replace(item, status=replace(item.status, held=True)) if item.key in keys else item
        for item in items
    ]
