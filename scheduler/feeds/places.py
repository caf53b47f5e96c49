"""Place: where an occurrence is shown, and the ledger rows that stand behind it there. Pure.

In a county's own file each of its rows stands alone. In the file for all, the counties that share
their dates are one entry, and a county that differs has its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.calendar import Calendar
from scheduler.calendar.diff import DATES
from scheduler.calendar.occurrence import NATIONAL
from scheduler.feeds.selection import SHARED
from scheduler.feeds.shelf import BOTH
from scheduler.ledger.tables import OccurrenceRow

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry-to-be: its view, its identity's last part, and its rows.

    `rows` are those that agree, the first of which tells the dates; any of `touching` may change
    what is shown. `suffix` names the county where others stand beside it.
    """

    view: str
    scope: str
    rows: tuple[OccurrenceRow, ...]
    touching: tuple[OccurrenceRow, ...]
    sentence: str
    suffix: str = ""

    @property
    def row(self) -> OccurrenceRow:
        return self.rows[0]

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties it holds for; none for the whole country."""
        return tuple(row.scope for row in self.rows if row.scope != NATIONAL)

    @property
    def identity(self) -> str:
        return f"{self.row.deliverable}-{self.row.cycle}-{self.row.stage}-{self.scope}"

    @property
    def withdrawn(self) -> bool:
        return self.row.outcome == WITHDRAWN

    @property
    def path(self) -> str:
        """The page to read more on: the occurrence's own, or the board for a shared one."""
        if self.scope == SHARED:
            return f"/tavle?skolear={self.row.cycle}"
        return f"/forekomst/{self.row.key}"


def places_of(rows: Iterable[OccurrenceRow], calendar: Calendar) -> Iterator[Place]:
    """Every place of the rows whose scope the calendar knows."""
    names = {number: county.name for number, county in calendar.counties.items()}
    groups: dict[tuple[str, str, str], list[OccurrenceRow]] = defaultdict(list)
    for row in rows:
        groups[row.deliverable, row.cycle, row.stage].append(row)
    for group in groups.values():
        own = sorted((row for row in group if row.scope in names), key=lambda row: row.scope)
        for row in group:
            if row.scope == NATIONAL:
                yield Place(BOTH, NATIONAL, (row,), (row,), "Gjelder hele landet.")
        yield from (_own(row, row.scope, names) for row in own)
        yield from _shared(own, group, names)


def _own(row: OccurrenceRow, view: str, names: Mapping[str, str]) -> Place:
    name = names[row.scope]
    suffix = f" – {name}" if view == SHARED else ""
    return Place(view, row.scope, (row,), (row,), f"Gjelder {name}.", suffix)


def _shared(
    own: list[OccurrenceRow], group: list[OccurrenceRow], names: Mapping[str, str]
) -> Iterator[Place]:
    """The entry of the counties that agree, and one for each that differs.

    Rows of counties that the calendar no longer has touch it too: its number must never fall.
    """
    alike: dict[tuple[object, ...], list[OccurrenceRow]] = defaultdict(list)
    for row in own:
        alike[_seen(row)].append(row)
    common = max(alike.values(), key=len, default=[])
    if len(common) <= 1:
        yield from (_own(row, SHARED, names) for row in own)
        return
    shared = {row.scope for row in common}
    others = [name for number, name in names.items() if number not in shared]
    exempt = f" unntatt {', '.join(others)}" if others else ""
    sentence = f"Gjelder alle fylker{exempt}."
    yield Place(SHARED, SHARED, tuple(common), tuple(group), sentence)
    yield from (_own(row, SHARED, names) for row in own if row.scope not in shared)


def _seen(row: OccurrenceRow) -> tuple[object, ...]:
    """What must be equal for counties to share one entry."""
    return (*(getattr(row, name) for name in DATES), row.outcome == WITHDRAWN)
