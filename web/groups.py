"""Groups: the same deadline in several counties, shown as one with the sum of its states."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger.state import Status
from scheduler.ledger.views import Item
from web.text import short_label


@dataclass(frozen=True, slots=True)
class Group:
    """Occurrences of one deliverable and stage with the same day in the calendar and the same due date."""

    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        return self.items[0]

    @property
    def due(self) -> date:
        return self.first.due

    @property
    def nominal(self) -> date:
        return self.first.occurrence.nominal

    @property
    def alone(self) -> bool:
        return len(self.items) == 1

    @property
    def proposed(self) -> bool:
        return any(item.proposed for item in self.items)

    @property
    def status(self) -> Status:
        """The most urgent member's, so that a late county is never hidden by the others."""
        return max((item.status for item in self.items), key=lambda status: status.urgency)


def summary(group: Group) -> str:
    """One word when all agree, else each word with its number of counties."""
    counted = Counter(short_label(item.status) for item in group.items)
    if len(counted) == 1:
        return next(iter(counted))
    return " · ".join(f"{count} {label.lower()}" for label, count in counted.most_common())


def grouped(items: Iterable[Item]) -> list[Group]:
    """Groups in the order of their first member."""
    found: dict[tuple[str, str, date, date, bool], list[Item]] = {}
    for item in items:
        o = item.occurrence
        identity = (o.deliverable, o.stage, o.nominal, o.due)
        found.setdefault((*identity, item.scope == NATIONAL), []).append(item)
    return [Group(tuple(members)) for members in found.values()]
