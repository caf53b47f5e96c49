"""Wheel: a school year as geometry, clockwise from 1 August, one ring per area.

Pure: dates and names in, coordinates out; the template only writes them down. Angles are in
degrees clockwise from 12 o'clock, lengths in units of the drawing's 1000 × 1000 box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, degrees, radians, sin

from scheduler.ledger.state import Status

SIZE = 1000
CENTRE = SIZE / 2
INNER = 118.0
OUTER = 456.0
MONTH_LABEL = 468.0
MONTH_LABEL_HEIGHT = 15.0
# A ring's name has a band of its own at the ring's outer edge, so that no marker covers it.
NAME_BAND = 18.0
RING_PADDING = 5.0
LANE = 18.0
LARGEST = 1.5
# The shapes are drawn for 16 units and a lane is LANE wide.
DRAWN = 1.2
# What is followed up has larger marks, on discs, in lanes of its own that are wide enough for them.
FOLLOWED = 2.0
WIDE_LANE = 2.4
FIRST_MONTH = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be marked: a day in a ring, what it links to, and the words for it."""

    area: str
    due: date
    opens: date | None
    status: Status
    url: str
    label: str
    followed: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with its place; `arc` runs from the window's opening to the deadline, or is empty."""

    mark: Mark
    x: float
    y: float
    scale: float
    arc: str


@dataclass(frozen=True, slots=True)
class Ring:
    """An area's ring from `inner` to `outer`, and the path its name is written along."""

    name: str
    inner: float
    outer: float
    name_path: str
    marks: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month, 1 to 12, its sector, where its name stands, and whether today lies in it."""

    number: int
    sector: str
    label_path: str
    shaded: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Wheel:
    """Everything the drawing holds; `today` is the hand's two ends, or None outside the year."""

    cycle: str
    months: tuple[Month, ...]
    rings: tuple[Ring, ...]
    today: tuple[float, float, float, float] | None


def draw(cycle: str, areas: Sequence[tuple[str, str]], marks: Sequence[Mark], today: date) -> Wheel:
    """The wheel of a cycle; `areas` are (key, name) from the outermost ring inwards."""
    start = date(int(cycle[:4]), FIRST_MONTH, 1)
    return Wheel(cycle, _months(start, today), _rings(start, areas, marks), _hand(start, today))


def angle(start: date, day: date) -> float:
    """Where a day stands, its middle, in a year that begins at `start`."""
    year = (start.replace(year=start.year + 1) - start).days
    return 360 * ((day - start).days + 0.5) / year


def _point(radius: float, at: float) -> tuple[float, float]:
    turn = radians(at)
    return round(CENTRE + radius * sin(turn), 1), round(CENTRE - radius * cos(turn), 1)


def _arc(radius: float, begin: float, end: float) -> str:
    """A path along a circle, clockwise when `end` is after `begin`."""
    (x1, y1), (x2, y2) = _point(radius, begin), _point(radius, end)
    large, sweep = int(abs(end - begin) > 180), int(end > begin)  # noqa: PLR2004 - half a turn
    return f"M{x1} {y1}A{radius:.1f} {radius:.1f} 0 {large} {sweep} {x2} {y2}"


def _months(start: date, today: date) -> tuple[Month, ...]:
    firsts = [_first_of_month(start, index) for index in range(13)]
    year = (firsts[12] - start).days
    edges = [360 * (first - start).days / year for first in firsts]
    return tuple(
        Month(
            firsts[index].month,
            _sector(edges[index], edges[index + 1]),
            _label_path(edges[index], edges[index + 1]),
            shaded=index % 2 == 0,
            current=firsts[index] <= today < firsts[index + 1],
        )
        for index in range(12)
    )


def _first_of_month(start: date, index: int) -> date:
    years, month = divmod(start.month - 1 + index, 12)
    return date(start.year + years, month + 1, 1)


def _sector(begin: float, end: float) -> str:
    (x, y), back = _point(INNER, end), _arc(INNER, end, begin)
    return f"{_arc(OUTER, begin, end)}L{x} {y}{back[back.index('A') :]}Z"


def _label_path(begin: float, end: float) -> str:
    """Along the rim; the lower half runs the other way so that no month stands on its head."""
    middle = (begin + end) / 2
    if 90 < middle < 270:  # noqa: PLR2004 - the lower half
        return _arc(MONTH_LABEL + MONTH_LABEL_HEIGHT, end, begin)
    return _arc(MONTH_LABEL, begin, end)


def _hand(start: date, today: date) -> tuple[float, float, float, float] | None:
    if not start <= today < start.replace(year=start.year + 1):
        return None
    at = angle(start, today)
    return (*_point(INNER, at), *_point(OUTER + 8, at))


def _rings(
    start: date, areas: Sequence[tuple[str, str]], marks: Sequence[Mark]
) -> tuple[Ring, ...]:
    """Rings as wide as their lanes need, scaled together to fill the wheel."""
    laned = [_lanes(start, key, index, len(areas), marks) for index, (key, _) in enumerate(areas)]
    fixed = (NAME_BAND + RING_PADDING) * len(areas)
    lane = (OUTER - INNER - fixed) / max(1, sum(_width(lanes) for lanes in laned))
    rings, outer = [], OUTER
    for (_, name), lanes in zip(areas, laned, strict=True):
        inner = outer - NAME_BAND - RING_PADDING - lane * _width(lanes)
        rings.append(_ring(start, name, inner, outer, lane, lanes))
        outer = inner
    return tuple(rings)


def _lanes(
    start: date, area: str, index: int, count: int, marks: Sequence[Mark]
) -> list[list[Mark]]:
    """Marks side by side: each goes to the first lane where it does not touch the one before.

    The distance is judged at the ring's inner edge as if all rings were equally wide.
    """
    gap = degrees(LANE / (OUTER - (OUTER - INNER) * (index + 1) / count))
    mine = [mark for mark in marks if mark.area == area]
    followed = [mark for mark in mine if mark.followed]
    others = [mark for mark in mine if not mark.followed]
    return _packed(start, followed, gap * WIDE_LANE) + _packed(start, others, gap)


def _width(lanes: Sequence[Sequence[Mark]]) -> float:
    """How many ordinary lanes a ring's lanes take; a ring without marks takes one."""
    return sum(WIDE_LANE if lane[0].followed else 1 for lane in lanes) or 1


def _packed(start: date, marks: Sequence[Mark], gap: float) -> list[list[Mark]]:
    lanes: list[list[Mark]] = []
    free_from: list[float] = []
    for mark in sorted(marks, key=lambda m: (_begins(start, m), m.url)):
        begin, end = angle(start, _begins(start, mark)), angle(start, mark.due)
        lane = next((n for n, free in enumerate(free_from) if free <= begin), len(lanes))
        if lane == len(lanes):
            lanes.append([])
            free_from.append(0)
        lanes[lane].append(mark)
        free_from[lane] = end + gap
    return lanes


def _ring(
    start: date, name: str, inner: float, outer: float, lane: float, lanes: list[list[Mark]]
) -> Ring:
    placed = []
    edge = outer - NAME_BAND
    for marks in lanes:
        width = lane * _width([marks])
        placed += [_place(start, mark, edge - width / 2, lane / LANE) for mark in marks]
        edge -= width
    placed.sort(key=lambda place: (place.mark.due, place.mark.url))
    name_path = _arc(outer - NAME_BAND + 3, 1.5, 178)
    return Ring(name, round(inner, 1), round(outer, 1), name_path, tuple(placed))


def _place(start: date, mark: Mark, radius: float, scale: float) -> Placed:
    at = angle(start, mark.due)
    x, y = _point(radius, at)
    begin = _begins(start, mark)
    arc = _arc(radius, angle(start, begin), at) if begin < mark.due else ""
    size = DRAWN * min(LARGEST, scale) * (FOLLOWED if mark.followed else 1)
    return Placed(mark, x, y, round(size, 2), arc)


def _begins(start: date, mark: Mark) -> date:
    """The first day of the mark's window that lies in the wheel's year."""
    return max(start, mark.opens or mark.due)
