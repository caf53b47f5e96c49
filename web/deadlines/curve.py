"""Curve: when a deadline's deliveries came in, this year against earlier ones, as a drawing and a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.ledger.risk import Curve
from web.words.language import gettext as _
from web.words.text import cycle as cycle_text

FIRST, LAST = 20, -5  # working days before the deadline
WIDTH, HEIGHT = 500, 160
TABLE_DAYS = (20, 15, 10, 5, 3, 1, 0, -1, -5)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One year: its name, the line's points, whether it is this year's, and the table's numbers."""

    name: str
    points: str
    own: bool
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All years in one drawing; `deadline_x` is where the deadline stands, `said` the words for it."""

    years: tuple[Drawn, ...]
    deadline_x: float
    said: str


def drawing(curves: Sequence[Curve], days_left: int) -> Drawing | None:
    """The drawing with `days_left` working days to go; None without earlier years."""
    if len(curves) < 2:  # noqa: PLR2004 - one earlier year and this one
        return None
    years = tuple(_drawn(curve, days_left, own=curve is curves[-1]) for curve in curves)
    return Drawing(years, _x(0), said(curves, days_left))


def said(curves: Sequence[Curve], days_left: int) -> str:
    """How many have come, and how many had at the same time the year before."""
    own, before = curves[-1], curves[-2]
    return _(
        "%(now)s av %(total)s er levert; på samme tid i %(cycle)s var det %(then)s av %(of)s.",
        now=own.come(days_left),
        total=own.total,
        cycle=cycle_text(before.cycle),
        then=before.come(days_left),
        of=before.total,
    )


def _drawn(curve: Curve, days_left: int, *, own: bool) -> Drawn:
    last = max(days_left, LAST) if own else LAST
    days = range(FIRST, last - 1, -1)
    counts = (str(curve.come(day)) if day >= last else "–" for day in TABLE_DAYS)
    return Drawn(cycle_text(curve.cycle), " ".join(_steps(curve, days)), own, tuple(counts))


def _steps(curve: Curve, days: Sequence[int]) -> Iterator[str]:
    """A stair: what has come by the end of a day stands until the next."""
    for day in days:
        y = round(HEIGHT * (1 - curve.share(day)), 1)
        yield f"{_x(day)},{y}"
        yield f"{_x(day - 1)},{y}"


def _x(days: int) -> float:
    return round(WIDTH * (FIRST - days) / (FIRST - LAST + 1), 1)
