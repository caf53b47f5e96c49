"""Listing: a school year as lines for people and tables, equal counties on one line."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.derivation import explain
from scheduler.calendar.kinds import Activity
from scheduler.calendar.model import Calendar
from scheduler.calendar.occurrence import NATIONAL, Occurrence

CSV_FIELDS = (
    "due",
    "nominal",
    "reference_date",
    "opens",
    "time",
    "date_status",
    "deliverable",
    "stage",
    "scope",
    "activity",
    "evidence",
    "undecided",
    "name",
)
FEW_COUNTIES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a listing: an occurrence that stands for all its `scopes`."""

    deliverable: Deliverable
    occurrence: Occurrence
    scopes: tuple[str, ...]
    where: str


def lines_of(
    calendar: Calendar, occurrences: Iterable[Occurrence], county: str | None = None
) -> list[Line]:
    """The occurrences as lines; those of counties that agree on all dates and why share one."""
    groups: dict[tuple[Any, ...], list[Occurrence]] = {}
    for found in occurrences:
        if county is None or found.scope in {county, NATIONAL}:
            same = (found.deliverable, found.stage, found.nominal, found.due, found.opens)
            why = tuple(step.sentence for step in found.trace)
            groups.setdefault((*same, found.date_status, why), []).append(found)
    return [_line(calendar, group) for group in groups.values()]


def _line(calendar: Calendar, group: list[Occurrence]) -> Line:
    scopes = tuple(sorted(found.scope for found in group))
    row = calendar.deliverables[group[0].deliverable]
    return Line(row, group[0], scopes, _where(calendar, scopes))


def _where(calendar: Calendar, scopes: tuple[str, ...]) -> str:
    if scopes == (NATIONAL,):
        return "nasjonalt"
    if len(scopes) == len(calendar.counties):
        return "alle fylker"
    if len(scopes) > FEW_COUNTIES:
        return f"{len(scopes)} fylker"
    return ", ".join(calendar.counties[scope].name for scope in scopes)


def as_record(line: Line, *, traced: bool = False) -> dict[str, Any]:
    """A line as plain values, with the whole derivation if `traced`."""
    occurrence, row = line.occurrence, line.deliverable
    record: dict[str, Any] = {
        "due": occurrence.due.isoformat(),
        "nominal": occurrence.nominal.isoformat(),
        "reference_date": occurrence.reference_date and occurrence.reference_date.isoformat(),
        "opens": occurrence.opens and occurrence.opens.isoformat(),
        "time": occurrence.clock_time,
        "date_status": occurrence.date_status.value,
        "deliverable": row.id,
        "stage": occurrence.stage,
        "scope": " ".join(line.scopes),
        "activity": row.activity.value,
        "evidence": row.evidence.label,
        "undecided": row.undecided.question if row.undecided else "",
        "name": row.name,
    }
    if traced:
        record["scope"] = list(line.scopes)
        record["explanation"] = explain(occurrence)
        record["trace"] = [step.as_json() for step in occurrence.trace]
    return record


def summary(calendar: Calendar) -> str:
    """What a calendar holds, in one line."""
    rows = calendar.deliverables.values()
    used = Counter(row.activity for row in rows)
    return (
        f"Årshjulet er i orden: {len(calendar.deliverables)} rader ({used[Activity.YES]} i bruk, "
        f"{used[Activity.INFO] + used[Activity.RULE]} til opplysning, {used[Activity.NO]} ikke i bruk), "
        f"{len(calendar.counties)} fylker, {sum(len(row.confirmed) for row in rows)} bekreftede datoer, "
        f"{sum(row.evidence.uncertain for row in rows)} rader med usikker kilde, "
        f"{sum(row.undecided is not None for row in rows)} spørsmål som ikke er avklart, "
        f"{len(calendar.assertions)} påstander som holder."
    )
