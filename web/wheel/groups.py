"""Groups: the same deadline in several counties, shown as one with the sum of its states."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger.state import State, Status, Tone
from scheduler.ledger.views import Item
from web.words.text import short_label


@dataclass(frozen=True, eq=False)
class Group:
    """Occurrences of one deliverable and stage with the same day in the calendar and the same due date."""

    items: tuple[Item, ...]

    @cached_property
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

    @cached_property
    def proposed(self) -> bool:
        return any(item.proposed for item in self.items)

    @property
    def received(self) -> int:
        """How many have come to their receivers."""
        return sum(item.outcome == "done" for item in self.items)

    @cached_property
    def statuses(self) -> list[tuple[Status, int]]:
        """Its members' statuses, and of how many each is; most have the very same."""
        found = {id(item.status): item.status for item in self.items}
        times = Counter(id(item.status) for item in self.items)
        return [(status, times[one]) for one, status in found.items()]

    @cached_property
    def status(self) -> Status:
        """The most urgent member's, so that a late county is never hidden by the others."""
        return max((status for status, _ in self.statuses), key=lambda status: status.urgency)

    @cached_property
    def summary(self) -> str:
        """One word when all agree, else each word with its number of counties."""
        counted: Counter[str] = Counter()
        for status, times in self.statuses:
            counted[short_label(status)] += times
        if len(counted) == 1:
            return next(iter(counted))
        return " · ".join(f"{count} {label.lower()}" for label, count in counted.most_common())


class Tally(NamedTuple):
    """Of how many counties a word is true, with its shape and its colour."""

    state: State
    tone: Tone
    words: str
    counties: int


def tally(group: Group) -> list[Tally]:
    """Each word with its number of counties, the most urgent first."""
    counted: Counter[tuple[State, Tone, str]] = Counter()
    for status, times in sorted(group.statuses, key=lambda told: -told[0].urgency):
        counted[status.state, status.tone, short_label(status)] += times
    return [Tally(*said, count) for said, count in counted.items()]


def grouped(items: Iterable[Item]) -> list[Group]:
    """Groups in the order of their first member."""
    found: dict[tuple[str, str, date, date, bool], list[Item]] = {}
    for item in items:
        o = item.occurrence
        identity = (o.deliverable, o.stage, o.nominal, o.due)
        found.setdefault((*identity, item.scope == NATIONAL), []).append(item)
    return [Group(tuple(members)) for members in found.values()]
