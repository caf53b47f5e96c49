"""Every trace works out again to its dates, by an evaluator that knows only the trace's own facts."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar, SchoolYear, expand
from scheduler.calendar.decisions import Confirmed, Override
from scheduler.calendar.model import Closure
from scheduler.calendar.occurrence import NATIONAL, TraceKind, TraceStep
from scheduler.calendar.words import MonthDay, long_date
from tests.scheduler.calendar.finding import CALENDAR
from tests.scheduler.calendar.naive import evaluate

FIRST, CYCLES = 2022, 10


def as_told(occurrence):
    """The trace as another program reads it."""
    return json.loads(json.dumps([step.as_json() for step in occurrence.trace]))


def closed_days(calendar, county):
    """The closures of a county, read straight from the file's entries."""
    mine = [shut for shut in calendar.closures if not shut.counties or county in shut.counties]
    return {day.isoformat() for shut in mine for day in shut.days(range(2020, 2040))}


def prove(calendar, cycle):
    """All of a cycle's traces, and how many of each kind of step there were."""
    found = expand(calendar, cycle)
    closed = {scope: closed_days(calendar, scope) for scope in (*calendar.counties, NATIONAL)}
    dues = {}
    for occurrence in found:
        trace = as_told(occurrence)
        assert evaluate(trace) == (occurrence.nominal, occurrence.due), occurrence.key
        dues[occurrence.deliverable, occurrence.stage, occurrence.scope] = occurrence.due
        passed = [day for step in trace for day in step["facts"].get("closed", {})]
        assert closed[occurrence.scope] >= set(passed), occurrence.key
    for occurrence in found:
        prove_start(calendar, occurrence, dues)
    return found


def prove_start(calendar, occurrence, dues):
    """What an offset is counted from, is the due date that the other row really has there."""
    facts = occurrence.trace[0].facts
    other = calendar.deliverables.get(facts.get("row", ""))
    if other is None or (occurrence.scope == NATIONAL and other.scope != NATIONAL):
        return
    scope = NATIONAL if other.scope == NATIONAL else occurrence.scope
    assert facts["from"] == dues[other.id, other.stage.value, scope].isoformat()


@pytest.mark.parametrize("start", range(FIRST, FIRST + CYCLES))
def test_every_trace_of_the_real_calendar_gives_its_dates(start):
    found = prove(CALENDAR, SchoolYear.starting(start))
    assert {occurrence.scope for occurrence in found} == {*CALENDAR.counties, NATIONAL}


def eventful():
    """The real calendar with closures, decisions and announcements in many counties and years."""
    random = Random(20261101)
    counties = sorted(CALENDAR.counties)
    rows, closures = dict(CALENDAR.deliverables), list(CALENDAR.closures)
    for start in range(FIRST, FIRST + CYCLES):
        year = SchoolYear.starting(start)
        for county in random.sample(counties, 6):
            first = year.first_day + timedelta(days=random.randrange(330))
            last = first + timedelta(days=random.randrange(12))
            shut = {"name": "Stengt", "from": long_date(first), "to": long_date(last)}
            closures.append(Closure.model_validate({**shut, "counties": [county]}))
        for name in random.sample(sorted(rows), 30):
            rows[name] = settled(rows[name], year, random, counties)
    return CALENDAR.model_copy(update={"deliverables": rows, "closures": tuple(closures)})


def settled(row, year, random, counties):
    """The row with one date of the year announced or decided by a person."""
    if row.due is None:
        return row
    day = year.first_day + timedelta(days=random.randrange(360))
    other = year.first_day + timedelta(days=random.randrange(360))
    where = () if row.scope == NATIONAL else tuple(random.sample(counties, random.randrange(4)))
    common = {
        "school_year": str(year),
        "stage": "1" if row.recurring else None,
        "counties": where,
    }
    if random.random() < 0.5:
        moved = {"effective": long_date(other)} if random.random() < 0.5 else {}
        entry = Confirmed.model_validate(
            {**common, "announced": long_date(day), "source": "S", **moved}
        )
        return row.model_copy(update={"confirmed": (*row.confirmed, entry)})
    decided = {"reason": "Flyttet", "decided_by": "SSB", "label": "I"}
    entry = Override.model_validate({**common, "date": long_date(day), **decided})
    return row.model_copy(update={"overrides": (*row.overrides, entry)})


EVENTFUL = eventful()


@pytest.mark.parametrize("start", range(FIRST, FIRST + CYCLES))
def test_every_trace_of_an_eventful_calendar_gives_its_dates(start):
    found = prove(EVENTFUL, SchoolYear.starting(start))
    kinds = {step.kind for occurrence in found for step in occurrence.trace}
    assert kinds == set(TraceKind)


def test_a_fact_that_is_wrong_gives_another_date():
    """The evaluator reads the facts: each kind of step, told otherwise, is found out."""
    wrong = {
        TraceKind.RULE: {"value": "3. august", "offset": 99, "nth": -4, "number": 20},
        TraceKind.CONFIRMED: {"announced": "2031-01-01", "effective": "2031-01-01"},
        TraceKind.SHIFT: {"rule": "none"},
        TraceKind.CLOSURE: {"rule": "none"},
        TraceKind.OVERRIDE: {"date": "2031-01-01"},
    }
    moved = (TraceKind.SHIFT, TraceKind.CLOSURE)
    for kind, facts in wrong.items():
        traces = [
            (occurrence, as_told(occurrence))
            for occurrence in expand(EVENTFUL, "2026-2027")
            if occurrence.trace[-1].kind is kind
            and (kind not in moved or occurrence.nominal != occurrence.due)
        ]
        read = [
            (occurrence, trace)
            for occurrence, trace in traces
            if trace[-1]["facts"].keys() & facts.keys() and "also" not in trace[-1]["facts"]
        ]
        assert read, kind
        for occurrence, trace in read[:20]:
            told = trace[-1]["facts"]
            told.update({name: value for name, value in facts.items() if name in told})
            assert evaluate(trace) != (occurrence.nominal, occurrence.due), occurrence.key


month_days = st.dates(date(2027, 1, 1), date(2027, 12, 31)).map(
    lambda day: str(MonthDay(day.month, day.day))
)
months = st.dates(date(2027, 1, 1), date(2027, 12, 31)).map(
    lambda day: str(MonthDay(day.month, 1))[3:]
)
weekdays = st.sampled_from(["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"])
days_apart = st.one_of(
    st.fixed_dictionaries({"days": st.integers(-40, 40)}),
    st.fixed_dictionaries({"working_days": st.integers(-40, 40)}),
)
RULES = st.one_of(
    st.fixed_dictionaries({"date": month_days}),
    st.fixed_dictionaries({"dates": st.lists(month_days, min_size=2, max_size=4, unique=True)}),
    st.fixed_dictionaries({"working_day": st.sampled_from([1, 2, 15, -1, -15]), "month": months}),
    st.fixed_dictionaries(
        {"weekday": weekdays, "nth": st.sampled_from([1, 2, 3, 4, -1]), "month": months}
    ),
    st.fixed_dictionaries({"weekday": weekdays, "on_or_after": month_days}),
    st.fixed_dictionaries(
        {
            "weekly": weekdays,
            "from": st.just("1. september"),
            "to": st.just("30. juni"),
            "also": st.lists(month_days, max_size=3, unique=True),
        }
    ),
    st.builds(lambda apart: {"after": "reference_date", **apart}, days_apart),
    st.builds(
        lambda apart, limit: {"after": "reference_date", "not_after": limit, **apart},
        days_apart,
        month_days,
    ),
)
SHIFTS = st.sampled_from(["none", "following", "preceding", "modified_following"])


@st.composite
def any_calendar(draw):
    """One row with any rule, and any closures common to all or of one county, for one year."""
    year = SchoolYear.starting(draw(st.integers(2020, 2035)))
    closures = [{"name": "Julaften", "date": "24. desember"}]
    for _ in range(draw(st.integers(0, 3))):
        first = year.first_day + timedelta(days=draw(st.integers(-20, 370)))
        last = first + timedelta(days=draw(st.integers(0, 15)))
        shut = {"name": "Stengt", "from": long_date(first), "to": long_date(last)}
        closures.append(shut | draw(st.sampled_from([{}, {"counties": ["42"]}])))
    row = {
        "name": "En rad",
        "areas": ["skole"],
        "kind": "delivery",
        "scope": "county",
        "audience": ["alle"],
        "reference_date": draw(month_days),
        "due": draw(RULES) | {"shift": draw(SHIFTS)},
        "evidence": {"label": "I"},
        "description": "En prøve.",
    }
    content = {
        "version": "1",
        "counties": {"42": {"name": "Agder"}, "46": {"name": "Vestland"}},
        "areas": {"skole": {"name": "Skole"}},
        "parties": {},
        "audiences": {"alle": {"name": "Alle"}},
        "sources": {},
        "closures": closures,
        "deliverables": {"en-rad": row},
    }
    return Calendar.model_validate(content), year


@settings(deadline=None, max_examples=300)
@given(any_calendar())
def test_whatever_the_rule_shift_and_closures_the_trace_gives_the_dates(made):
    calendar, year = made
    assert prove(calendar, year)


@pytest.mark.parametrize("calendar", [CALENDAR, EVENTFUL], ids=["real", "eventful"])
def test_a_trace_with_its_facts_survives_json(calendar):
    for occurrence in expand(calendar, "2026-2027"):
        assert tuple(TraceStep.from_json(step) for step in as_told(occurrence)) == occurrence.trace
