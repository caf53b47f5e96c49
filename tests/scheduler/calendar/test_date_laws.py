"""What holds for every date: laws of shifting, and traces that can be worked out again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import SchoolYear, expand, load_calendar, workdays_of
from scheduler.calendar.occurrence import NATIONAL, DateStatus, TraceKind, TraceStep
from scheduler.calendar.offsets import After
from scheduler.calendar.words import MonthDay, long_date, parse_full_date, parse_month_day
from scheduler.calendar.workdays import Shift, Workdays

CALENDAR = load_calendar(Path(__file__).parents[3] / "calendar.yaml")
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
closures = st.sets(st.integers(-20, 20)).map(tuple)


@st.composite
def places(draw):
    """A day, and working days with some closures around it."""
    day = draw(days)
    closed = {day + timedelta(days=n): "Stengt" for n in draw(closures)}
    return day, Workdays(closed)


@settings(deadline=None)
@given(places(), st.sampled_from(Shift))
def test_a_shifted_date_is_a_working_day_unless_it_never_moves(place, rule):
    day, workdays = place
    due = workdays.shift(day, rule)
    assert due == day if rule is Shift.NONE else workdays.is_working(due)


@settings(deadline=None)
@given(places())
def test_preceding_is_not_after_and_following_not_before(place):
    day, workdays = place
    assert workdays.shift(day, Shift.PRECEDING) <= day <= workdays.shift(day, Shift.FOLLOWING)


@settings(deadline=None)
@given(places())
def test_no_working_day_is_passed_over(place):
    day, workdays = place
    for rule in (Shift.PRECEDING, Shift.FOLLOWING):
        due = workdays.shift(day, rule)
        first, last = sorted((day, due))
        passed = (first + timedelta(days=n) for n in range((last - first).days + 1))
        assert [found for found in passed if workdays.is_working(found)] == [due]


@settings(deadline=None)
@given(days)
def test_modified_following_stays_in_its_month(day):
    assert Workdays({}).shift(day, Shift.MODIFIED_FOLLOWING).month == day.month


@settings(deadline=None)
@given(places(), st.sampled_from(Shift))
def test_shifting_twice_is_shifting_once(place, rule):
    day, workdays = place
    once = workdays.shift(day, rule)
    assert workdays.shift(once, rule) == once


@settings(deadline=None)
@given(places(), st.integers(-30, 30))
def test_working_days_added_can_be_counted_again(place, number):
    day, workdays = place
    start = workdays.shift(day, Shift.FOLLOWING)
    assert workdays.between(start, workdays.add(start, number)) == number


@settings(deadline=None)
@given(days)
def test_a_date_written_out_reads_back(day):
    assert parse_full_date(long_date(day)) == day
    if (day.month, day.day) != (2, 29):
        assert parse_month_day(str(MonthDay(day.month, day.day))) == MonthDay(day.month, day.day)


@settings(deadline=None)
@given(days)
def test_every_day_lies_in_exactly_one_school_year(day):
    year = SchoolYear.of(day)
    assert day in year
    assert day not in year.next
    assert day not in year.previous


@settings(deadline=None)
@given(days)
def test_a_trace_step_survives_json(day):
    step = TraceStep(TraceKind.SHIFT, day, "En setning.", "S")
    assert TraceStep.from_json(step.as_json()) == step


@pytest.mark.parametrize("start", range(2022, 2032))
def test_every_trace_of_ten_cycles_and_all_counties_works_out_again(start):
    cycle = SchoolYear.starting(start)
    places = {scope: workdays_of(CALENDAR, cycle, scope) for scope in CALENDAR.counties}
    places[NATIONAL] = workdays_of(CALENDAR, cycle)
    found = expand(CALENDAR, cycle)
    assert found == sorted(found, key=lambda occurrence: (occurrence.due, occurrence.key))
    assert len({occurrence.key for occurrence in found}) == len(found)
    for occurrence in found:
        row = CALENDAR.deliverables[occurrence.deliverable]
        announced = [step for step in occurrence.trace if step.kind is TraceKind.CONFIRMED]
        assert occurrence.trace[0].kind is TraceKind.RULE
        assert occurrence.trace[-1].date == occurrence.due
        assert occurrence.nominal == (announced or occurrence.trace)[0].date
        assert (occurrence.date_status is DateStatus.CONFIRMED) == bool(announced)
        if len(announced) < 2:
            shifted = places[occurrence.scope].shift(occurrence.nominal, row.due.shift)
            assert shifted == occurrence.due
        if not isinstance(row.due, After):
            assert occurrence.nominal in cycle


@pytest.mark.parametrize("start", range(2022, 2032))
def test_what_must_come_first_is_due_first(start):
    """A hard order between two rows with one deadline each is also the order of their dates."""
    cycle = SchoolYear.starting(start)
    dues = {
        (year, occurrence.deliverable): occurrence.due
        for year in (cycle, cycle.previous)
        for occurrence in expand(CALENDAR, year)
        if occurrence.scope in {"46", NATIONAL} and not occurrence.stage.isdigit()
    }
    for row in CALENDAR.deliverables.values():
        for edge in row.depends_on:
            before = (cycle if edge.cycle == "this" else cycle.previous, edge.deliverable)
            if (cycle, row.id) in dues and before in dues:
                assert dues[before] <= dues[cycle, row.id], (before, row.id)
