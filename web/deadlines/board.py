"""Board: deliverables down, counties across, one state in each cell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger.views import Item
from web.wheel.choice import Choice


@dataclass(frozen=True, slots=True)
class Line:
    """A deliverable's stage: its national occurrence, or one per county (None where it has none).

    `alike` is set when nothing in the line is followed up, so that it need not be said 15 times.
    """

    item: Item
    series: int
    national: Item | None
    cells: tuple[Item | None, ...]

    @property
    def others(self) -> int:
        """How many counties have other dates than the line shows."""
        return sum(_dates(cell) != _dates(self.item) for cell in self.cells if cell)

    @property
    def alike(self) -> bool:
        return self.national is None and not self.item.tracked


@dataclass(frozen=True, slots=True)
class Section:
    """An area's lines, by due date."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The counties across (number, name) and the areas down."""

    counties: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def board_of(items: Iterable[Item], calendar: Calendar, today: date, choice: Choice) -> Board:
    counties = tuple(
        (number, county.name)
        for number, county in calendar.counties.items()
        if choice.county in ("", number)
    )
    lines = _lines(items, [number for number, _ in counties], today)
    sections = (
        Section(area.name, tuple(line for line in lines if _area(line, choice) == key))
        for key, area in calendar.areas.items()
    )
    return Board(counties, tuple(section for section in sections if section.lines))


def _area(line: Line, choice: Choice) -> str:
    return choice.area or (line.item.areas[0] if line.item.areas else "")


def _lines(items: Iterable[Item], counties: Sequence[str], today: date) -> list[Line]:
    by_row: dict[tuple[str, str], dict[str, dict[str, Item]]] = {}
    for item in items:
        stage = item.occurrence.stage
        row = by_row.setdefault(
            (item.occurrence.deliverable, "" if item.occurrence.recurs else stage), {}
        )
        row.setdefault(stage, {})[item.scope] = item
    return [_line(stages, counties, today) for stages in by_row.values()]


def _line(stages: dict[str, dict[str, Item]], counties: Sequence[str], today: date) -> Line:
    """A recurring deliverable is shown by its next turn, or its last when the year is over."""
    turns = list(stages.values())
    turn = next((t for t in turns if next(iter(t.values())).due >= today), turns[-1])
    return Line(
        item=_most_common(turn.values()),
        series=len(turns),
        national=turn.get(NATIONAL),
        cells=tuple(turn.get(number) for number in counties),
    )


def _most_common(items: Iterable[Item]) -> Item:
    """The first item with the dates that most counties share, so that the line speaks for them."""
    found = list(items)
    shared = Counter(_dates(item) for item in found).most_common(1)[0][0]
    return next(item for item in found if _dates(item) == shared)


def _dates(item: Item) -> tuple[date, date]:
    return item.occurrence.nominal, item.due
