"""Tried: what shows only when the dates are worked out, for many years and every place."""

from collections.abc import Iterator
from datetime import date

from scheduler.calendar.asserting import broken_assertions
from scheduler.calendar.decisions import OfOneYear
from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.expansion import Place, counties_apart
from scheduler.calendar.findings import Finding, Path, without_rows
from scheduler.calendar.kinds import Activity, Kind
from scheduler.calendar.model import Calendar, EmptyMonths
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.slack import Slack, links
from scheduler.calendar.words import MONTHS, count, day_and_date
from scheduler.calendar.workdays import Unresolvable

# Every weekday of every date, and a leap year, occur within these.
TRIED_YEARS = range(2020, 2035)
SENT = {Kind.DELIVERY, Kind.FORWARDING, Kind.EXTRACT}


def tried(calendar: Calendar) -> Iterator[Finding]:
    """What shows only when the dates are worked out, for many years and every place."""
    places = _places(calendar)
    broken = list(_without_days(calendar, places))
    yield from broken
    sound = calendar
    if broken:
        sound = without_rows(calendar, {path[1] for path, _ in broken})
        places = _places(sound)
    yield from _bad_years(sound)
    yield from _in_empty_months(sound, places)
    yield from _too_late_or_tight(sound, places)
    yield from broken_assertions(sound, places)


def _places(calendar: Calendar) -> list[Place]:
    """The usual years and every year the file names, for all and for counties that differ."""
    closed = [day for shut in calendar.closures for day in (shut.first, shut.last) if day]
    years = {SchoolYear.starting(year) for year in TRIED_YEARS}
    years |= {SchoolYear.of(day) for day in closed}
    rows = calendar.deliverables.values()
    years |= {SchoolYear(entry.school_year) for row in rows for entry in row.of_one_year}
    nations = [Place(calendar, year) for year in sorted(years)]
    counties = sorted(counties_apart(calendar))
    return [
        place
        for nation in nations
        for place in (
            nation,
            *(Place(calendar, nation.year, county, nation) for county in counties),
        )
    ]


def _without_days(calendar: Calendar, places: list[Place]) -> Iterator[Finding]:
    for row in calendar.deliverables.values():
        try:
            for place in places:
                place.dated(row.id)
        except Unresolvable as error:
            yield ("deliverables", row.id, "due"), f"Fristen finner ingen arbeidsdag. {error}"


def _bad_years(calendar: Calendar) -> Iterator[Finding]:
    """Dates of one school year for a stage the row does not have, or two for the same."""
    for row in calendar.deliverables.values():
        for field in ("confirmed", "overrides"):
            entries: tuple[OfOneYear, ...] = getattr(row, field)
            for number, entry in enumerate(entries):
                path = ("deliverables", row.id, field, number)
                dated = Place(calendar, SchoolYear(entry.school_year)).dated(row.id)
                if entry.stage and entry.stage not in {dates.stage for dates in dated}:
                    sentence = f"Raden har ikke trinnet «{entry.stage}» i {entry.school_year}."
                    yield (*path, "stage"), sentence
                if any(entry.rivals(other) for other in entries[:number]):
                    kind = "kunngjort" if field == "confirmed" else "besluttet"
                    yield (
                        path,
                        f"Det står en annen {kind} dato for det samme i {entry.school_year}.",
                    )
        yield from _both_announced_and_moved(row)


def _both_announced_and_moved(row: Deliverable) -> Iterator[Finding]:
    """Which of the two holds, only a person can say."""
    for number, entry in enumerate(row.overrides):
        announced = next((found for found in row.confirmed if found.overlaps(entry)), None)
        if announced:
            sentence = (
                f"I {entry.school_year} er fristen både kunngjort ({day_and_date(announced.announced)}) "
                f"og flyttet til {day_and_date(entry.date)} av {entry.decided_by}. "
                "Spør mottakeren hvilken som gjelder, og slett den andre."
            )
            yield ("deliverables", row.id, "overrides", number), sentence


def _in_empty_months(calendar: Calendar, places: list[Place]) -> Iterator[Finding]:
    for number, rule in enumerate(calendar.empty_months):
        for row in calendar.deliverables.values():
            day = _first_breach(rule, row, places)
            if day:
                receiver, month = calendar.parties[rule.receiver].name, MONTHS[day.month - 1]
                sentence = (
                    f"Fristen faller {day_and_date(day)}, men {receiver} skal ikke ha noe i {month}. "
                    "Flytt fristen, eller før raden opp under «exceptions» i empty_months med grunn."
                )
                yield ("deliverables", row.id, "due"), sentence
        yield from _idle_exceptions(calendar, rule, number)


def _is_sent_to(row: Deliverable, rule: EmptyMonths) -> bool:
    received = rule.receiver in (row.receiver, *row.copies_to)
    return received and row.kind in SENT and row.activity is Activity.YES


def _first_breach(rule: EmptyMonths, row: Deliverable, places: list[Place]) -> date | None:
    """The first tried date of the row that falls in a month it is not allowed in."""
    if not _is_sent_to(row, rule):
        return None
    allowed = {entry.month for entry in rule.exceptions if entry.deliverable == row.id}
    closed = set(rule.months) - allowed
    dated = (dates for place in places for dates in place.dated(row.id))
    days = (day for dates in dated for day in (dates.nominal, dates.due))
    return next((day for day in days if day.month in closed), None)


def _too_late_or_tight(calendar: Calendar, places: list[Place]) -> Iterator[Finding]:
    """Hard orders that the dates turn around, or leave too few working days for; each once."""
    told: dict[Path, str] = {}
    for link in (link for place in places for link in links(place)):
        row = calendar.deliverables[link.after.deliverable]
        if link.is_fault:
            path = ("deliverables", row.id, "depends_on", row.depends_on.index(link.edge))
            told.setdefault(path, _of_link(link))
    yield from told.items()


def _of_link(link: Slack) -> str:
    first, then = day_and_date(link.before.due), day_and_date(link.after.due)
    name = link.before.deliverable
    if link.before.due > link.after.due:
        return f"«{name}» må være ferdig først, men har frist {first}, etter denne raden ({then})."
    needed = count(link.lead, "arbeidsdag", "arbeidsdager")
    return (
        f"«{name}» har frist {first}, og denne raden {then}. Det er "
        f"{count(link.working_days, 'arbeidsdag', 'arbeidsdager')} imellom, men arbeidet trenger "
        f"{needed}. Flytt en av fristene, rett «lead_days», eller skriv i «tight» hvorfor det går."
    )


def _idle_exceptions(calendar: Calendar, rule: EmptyMonths, number: int) -> Iterator[Finding]:
    for index, entry in enumerate(rule.exceptions):
        row = calendar.deliverables.get(entry.deliverable)
        if row and not _is_sent_to(row, rule):
            yield (
                ("empty_months", number, "exceptions", index),
                f"«{row.id}» leveres ikke til mottakeren, så unntaket trengs ikke. Slett det.",
            )
