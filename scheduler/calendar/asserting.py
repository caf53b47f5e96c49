"""Asserting: whether the calendar's dates are as its assertions say, and the sentence if not."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from scheduler.calendar.assertions import Assertion, WorkingDaysAfter
from scheduler.calendar.expansion import Dated, Place, counties_apart
from scheduler.calendar.findings import Finding
from scheduler.calendar.model import Calendar
from scheduler.calendar.offsets import REFERENCE_DATE
from scheduler.calendar.slack import links
from scheduler.calendar.words import MONTHS, WEEKDAYS, day_and_date, working_days


def bad_comparisons(calendar: Calendar) -> Iterator[Finding]:
    """Assertions about a row that never has a date, or against one that has none or several."""
    rows = calendar.deliverables
    for number, entry in enumerate(calendar.assertions):
        if entry.row in rows and rows[entry.row].due is None:
            yield ("assertions", number, "row"), f"«{entry.row}» har ingen frist å påstå noe om."
        field, name = entry.compared
        other = rows.get(name)
        if other and (other.due is None or (other.recurring and field != "working_days_after")):
            lacks = "har flere frister i året" if other.due else "har ingen frist"
            sentence = f"«{name}» {lacks}. Velg en rad med én frist, eller «working_days_after»."
            yield ("assertions", number, field), sentence
        if name == REFERENCE_DATE and entry.row in rows and not rows[entry.row].reference_day:
            sentence = f"«{entry.row}» har ingen telledato som er en dag i året."
            yield ("assertions", number, field), sentence


def broken_assertions(calendar: Calendar, places: list[Place]) -> Iterator[Finding]:
    """Each assertion that fails somewhere, with the first year and dates that break it."""
    bad = {path[1] for path, _ in bad_comparisons(calendar)}
    for number, entry in enumerate(calendar.assertions):
        named = {entry.row, entry.compared[1]} - {"", REFERENCE_DATE}
        if number not in bad and named <= calendar.deliverables.keys():
            breaches = (_breach(entry, place) for place in places if _concerns(entry, place))
            found = next((breach for breach in breaches if breach), None)
            if found:
                yield ("assertions", number), found


def _concerns(entry: Assertion, place: Place) -> bool:
    """A place that stands for several counties is tried when one of them is meant."""
    if not entry.counties:
        return True
    apart = counties_apart(place.calendar)
    return (place.county or "") in entry.counties or (
        place.county is None and not apart.issuperset(entry.counties)
    )


def _breach(entry: Assertion, place: Place) -> str:
    """What speaks against the assertion here, as a sentence that quotes it; "" if nothing does."""
    for dated in place.dated(entry.row):
        wrong = _wrong(entry, dated, place)
        if wrong:
            row = place.calendar.deliverables[entry.row]
            where = f" i {place.calendar.counties[place.county].name}" if place.county else ""
            return (
                f"Påstanden «{entry.say}» holder ikke i {place.year}{where}: "
                f"«{row.name}» har frist {day_and_date(dated.due)}{_in_calendar(dated)}, {wrong}."
            )
    return ""


def _in_calendar(dated: Dated) -> str:
    same = dated.nominal == dated.due
    return "" if same else f" (i kalenderen {day_and_date(dated.nominal)})"


def _wrong(entry: Assertion, dated: Dated, place: Place) -> str:
    name = next(name for name in TESTS if getattr(entry, name) is not None)
    return TESTS[name](entry, dated, place)


def _in_month(entry: Assertion, dated: Dated, _place: Place) -> str:
    months = entry.in_month or ()
    if {dated.due.month, dated.nominal.month} <= set(months):
        return ""
    return f"ikke i {' eller '.join(MONTHS[month - 1] for month in months)}"


def _never_in(entry: Assertion, dated: Dated, _place: Place) -> str:
    found = {dated.due.month, dated.nominal.month} & set(entry.never_in or ())
    return f"altså i {MONTHS[min(found) - 1]}" if found else ""


def _weekday(entry: Assertion, dated: Dated, _place: Place) -> str:
    days = entry.weekday or ()
    if dated.due.weekday() in days:
        return ""
    return f"ikke en {' eller '.join(WEEKDAYS[day] for day in days)}"


def _before(entry: Assertion, dated: Dated, place: Place) -> str:
    other = _only_due(entry.before or "", place)
    return "" if dated.due < other else f"ikke før «{entry.before}» ({day_and_date(other)})"


def _after(entry: Assertion, dated: Dated, place: Place) -> str:
    other = _only_due(entry.after or "", place)
    return "" if dated.due > other else f"ikke etter «{entry.after}» ({day_and_date(other)})"


def _only_due(name: str, place: Place) -> date:
    return place.dated(name)[0].due


def _working_days_after(entry: Assertion, dated: Dated, place: Place) -> str:
    if entry.working_days_after is None:
        return ""
    bound = entry.working_days_after
    start = _start(bound, dated, place)
    name = "telledatoen" if bound.row == REFERENCE_DATE else f"«{bound.row}»"
    if start is None:
        return f"men ingen frist for {name} er på eller før den"
    found = place.workdays.between(start, dated.due)
    if (bound.at_least or 0) <= found <= (found if bound.at_most is None else bound.at_most):
        return ""
    return f"{working_days(found)} etter {name} ({day_and_date(start)})"


def _start(bound: WorkingDaysAfter, dated: Dated, place: Place) -> date | None:
    """The day counted from: of several, the latest on or before the due date."""
    if bound.row == REFERENCE_DATE:
        return dated.reference_date
    dues = [other.due for other in place.dated(bound.row)]
    return max((due for due in dues if due <= dated.due), default=None)


def _slack_at_least(entry: Assertion, dated: Dated, place: Place) -> str:
    into = (link for link in links(place, entry.row) if link.after.stage == dated.stage)
    least = min(into, key=lambda link: link.days, default=None)
    if least is None or least.days >= (entry.slack_at_least or 0):
        return ""
    before = f"«{least.before.deliverable}» ({day_and_date(least.before.due)})"
    return f"og slakken etter {before} er {working_days(least.days)}"


TESTS: Mapping[str, Callable[[Assertion, Dated, Place], str]] = {
    "in_month": _in_month,
    "never_in": _never_in,
    "weekday": _weekday,
    "before": _before,
    "after": _after,
    "working_days_after": _working_days_after,
    "slack_at_least": _slack_at_least,
}
