"""Figures of OT data: counts by what Udir's table shows, small cells hidden so that no total reveals them.

Hiding is for what is shown, never for the file: the receiver gets individual data. As long as a hidden cell could
be worked out from the sums, one more is hidden, the smallest there is.
"""

from dataclasses import dataclass

import polars as pl

from jobs.codelists import table

SMALLEST_SHOWN = 5  # I: 3 is Statistics Norway's limit, 5 is usual when Udir publishes
HIDDEN = None
IN_TARGET = "J"
REASONS = ("IKKES", "AVBR", "NEI", "OSMO", "ANDR")

Grid = list[list[int]]
Cell = tuple[int, int]
Point = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of counts: its headings, its cells (None is hidden), and the sums, also hidden where they must be."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_sums: tuple[int | None, ...]
    column_sums: tuple[int | None, ...]
    total: int | None


def in_target(data: pl.DataFrame) -> pl.DataFrame:
    """The target group, each with the reason group (`grunn`) that Udir shows."""
    reasons = table("tilmeldingskode").select(tilmeldingskode="kode", grunn="gruppe")
    return data.filter(pl.col("malgruppe") == IN_TARGET).join(
        reasons, on="tilmeldingskode", how="left"
    )


def reasons(data: pl.DataFrame) -> dict[str, int]:
    """How many of the target group each of the five reasons has; they sum to the group."""
    counted = dict(in_target(data).group_by("grunn").len().iter_rows())
    return {reason: counted.get(reason, 0) for reason in REASONS}


def crossed(data: pl.DataFrame, row: str, column: str, smallest: int = SMALLEST_SHOWN) -> Figures:
    """The target group by two of its columns, with small cells hidden."""
    group = in_target(data)
    rows, columns = (tuple(sorted(group[name].unique().drop_nulls())) for name in (row, column))
    counted = {(r, c): n for r, c, n in group.group_by(row, column).len().iter_rows()}
    grid = [[counted.get((r, c), 0) for c in columns] for r in rows]
    return suppressed(rows, columns, grid, smallest)


def suppressed(
    rows: tuple[str, ...], columns: tuple[str, ...], grid: Grid, smallest: int = SMALLEST_SHOWN
) -> Figures:
    """The table with sums, in which no cell under the limit is shown or can be worked out.

    The sums are lines of the table like the others, so a small sum is hidden as well. Zeros tell of nobody.
    """
    whole = [[*line, sum(line)] for line in grid]
    whole.append([sum(line[place] for line in whole) for place in range(len(columns) + 1)])
    hidden = {
        (r, c) for r, line in enumerate(whole) for c, n in enumerate(line) if 0 < n < smallest
    }
    while (more := _one_more(whole, hidden)) is not None:
        hidden.add(more)
    shown = [
        tuple(HIDDEN if (r, c) in hidden else n for c, n in enumerate(line))
        for r, line in enumerate(whole)
    ]
    return Figures(
        rows,
        columns,
        tuple(line[:-1] for line in shown[:-1]),
        tuple(line[-1] for line in shown[:-1]),
        shown[-1][:-1],
        shown[-1][-1],
    )


def _one_more(whole: Grid, hidden: set[Cell]) -> Cell | None:
    """A shown cell that must be hidden too, since a hidden one could still be worked out; None if none.

    Each cell stands in one row's sum and one column's. So rows and columns are points and hidden cells the
    lines between them, and a cell can be worked out exactly when nothing else joins its two ends.
    """
    for cell in sorted(hidden):
        rest = hidden - {cell}
        row_side = _joined(("r", cell[0]), rest)
        if ("c", cell[1]) not in row_side:
            return _smallest_joining(whole, hidden, row_side, _joined(("c", cell[1]), rest))
    return None


def _joined(start: Point, cells: set[Cell]) -> set[Point]:
    """The rows and columns that hidden cells join to a row or a column."""
    reached, new = {start}, [start]
    while new:
        kind, place = new.pop()
        for r, c in cells:
            ends: tuple[Point, Point] = (("r", r), ("c", c))
            if (kind, place) in ends:
                found = set(ends) - reached
                reached |= found
                new += found
    return reached


def _smallest_joining(
    whole: Grid, hidden: set[Cell], one: set[Point], other: set[Point]
) -> Cell | None:
    """The smallest shown cell that joins the sides, or else leads on from one of them."""
    cells = [
        (r, c) for r, line in enumerate(whole) for c in range(len(line)) if (r, c) not in hidden
    ]

    def cost(cell: Cell) -> tuple[bool, bool, int, Cell]:
        ends = {("r", cell[0]), ("c", cell[1])}
        joins = bool(ends & one) and bool(ends & other)
        size = whole[cell[0]][cell[1]]
        return not joins, size == 0, size, cell

    leading = [cell for cell in cells if {("r", cell[0]), ("c", cell[1])} & (one | other)]
    return min(leading, key=cost, default=None)
