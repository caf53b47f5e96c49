"""Checks across the rows of a calendar: order and offsets; their dates are tried in tried.py."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from scheduler.calendar.asserting import bad_comparisons
from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.findings import Finding, offsets_of, without_rows
from scheduler.calendar.kinds import Stage, Strength
from scheduler.calendar.model import Calendar
from scheduler.calendar.tried import tried


def check(calendar: Calendar, *, tables_are_right: bool = True) -> Iterator[Finding]:
    """What is wrong between rows that are each right by themselves.

    Dates are tried only with every closure and county at hand, and for the rows that have a date.
    """
    offsets = [*_rings(calendar, offsets_of, "due", "after"), *_bad_offsets(calendar)]
    yield from offsets
    yield from _rings(calendar, _hard, "depends_on")
    yield from _unknown_stages(calendar)
    yield from _far_pairs(calendar)
    yield from bad_comparisons(calendar)
    if tables_are_right:
        yield from tried(without_rows(calendar, {path[1] for path, _ in offsets}))


def _hard(row: Deliverable) -> Iterator[str]:
    for edge in row.depends_on:
        if edge.strength is Strength.HARD and edge.cycle == "this":
            yield edge.deliverable


def _rings(
    calendar: Calendar, before: Callable[[Deliverable], Iterable[str]], *where: str
) -> Iterator[Finding]:
    """Rows that wait for each other in a ring, each ring once."""
    edges = {name: list(before(row)) for name, row in calendar.deliverables.items()}
    reported: set[str] = set()
    for name in edges:
        ring = _ring_through(name, edges)
        if ring and not reported & set(ring):
            reported |= set(ring)
            chain_of_rows = " → ".join([*ring, name])
            yield (
                ("deliverables", name, *where),
                f"Radene venter på hverandre i ring: {chain_of_rows}. Fjern ett av leddene.",
            )


def _ring_through(start: str, edges: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from a row back to itself, or nothing."""
    ways, seen = [[start]], {start}
    for way in ways:
        for name in edges.get(way[-1], []):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _bad_offsets(calendar: Calendar) -> Iterator[Finding]:
    for row in calendar.deliverables.values():
        for name in offsets_of(row):
            start = calendar.deliverables.get(name)
            if start and (start.due is None or start.recurring):
                lacks = "har flere frister i året" if start.recurring else "har ingen frist"
                yield (
                    ("deliverables", row.id, "due", "after"),
                    f"«{name}» {lacks}, så det går ikke å regne fra den. Velg en rad med én frist.",
                )


def _unknown_stages(calendar: Calendar) -> Iterator[Finding]:
    for row in calendar.deliverables.values():
        for number, edge in enumerate(row.depends_on):
            before = calendar.deliverables.get(edge.deliverable)
            if edge.stage and before and not before.recurring and edge.stage != before.stage:
                yield (
                    ("deliverables", row.id, "depends_on", number, "stage"),
                    f"«{before.id}» har bare trinnet «{before.stage}», ikke «{edge.stage}».",
                )


def _far_pairs(calendar: Calendar) -> Iterator[Finding]:
    """A final delivery that knows its first only through a feedback, which nobody here can see done."""
    rows = calendar.deliverables
    for row in (each for each in rows.values() if each.stage is Stage.FINAL):
        near = [edge.deliverable for edge in row.depends_on if edge.deliverable in rows]
        for feedback in (name for name in near if rows[name].stage is Stage.FEEDBACK):
            for edge in rows[feedback].depends_on:
                first = rows.get(edge.deliverable)
                if first and first.stage is Stage.FIRST and first.id not in near:
                    said = (
                        f"Den endelige leveringen venter på «{first.id}» bare gjennom «{feedback}». "
                        f"Skriv «{first.id}» her også, så den ikke går før den første."
                    )
                    yield ("deliverables", row.id, "depends_on"), said
