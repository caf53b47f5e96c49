"""Finding: a place in the calendar file and what is wrong there; what the checks share."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.model import Calendar
from scheduler.calendar.offsets import REFERENCE_DATE, After

Path = tuple[str | int, ...]
Finding = tuple[Path, str]


def without_rows(calendar: Calendar, wrong: AbstractSet[str | int]) -> Calendar:
    """The calendar without these rows and without all that is counted from them.

    A row that is itself faulty has been left out before: what is counted from it goes too.
    """
    rows = {name: row for name, row in calendar.deliverables.items() if name not in wrong}
    while lost := [name for name, row in rows.items() if not rows.keys() >= set(offsets_of(row))]:
        rows = {name: row for name, row in rows.items() if name not in lost}
    return calendar.model_copy(update={"deliverables": rows})


def offsets_of(row: Deliverable) -> Iterator[str]:
    if isinstance(row.due, After):
        yield from (name for name in row.due.after if name != REFERENCE_DATE)
