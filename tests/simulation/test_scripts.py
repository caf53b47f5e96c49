"""The drawn world: what counties do and what goes wrong follows from the seed alone."""

from datetime import date
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar import expand, parse_calendar
from scheduler.settings import PROJECT_ROOT
from scheduler.simulate.agenda import agenda
from scheduler.simulate.almanac import Edition, moved, narrowed
from scheduler.simulate.counties import What, deeds
from scheduler.simulate.faults import OUTAGES
from scheduler.simulate.scenario import FEW, MANY, Data, Fault, Scenario
from tests.simulation.small import SMALL, YEAR

WHOLE = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
CALENDAR = parse_calendar(SMALL, "calendar.yaml")
ALONE = parse_calendar(narrowed(SMALL, ["46"]), "calendar.yaml")


@given(seed=st.integers(0, 10_000), data=st.sampled_from(list(Data)))
def test_the_same_seed_draws_the_same_year(seed, data):
    first, again = (deeds(CALENDAR, YEAR, seed, data) for _ in range(2))
    assert first == again
    assert all(deed.at.tzinfo is not None for deed in first)


@given(seed=st.integers(0, 10_000))
def test_a_county_less_changes_nothing_for_the_others(seed):
    both = deeds(CALENDAR, YEAR, seed, Data.SMALL)
    assert [deed for deed in both if deed.key.endswith("/46")] == deeds(
        ALONE, YEAR, seed, Data.SMALL
    )


@given(seed=st.integers(0, 10_000))
def test_faults_change_nothing_of_what_the_counties_do(seed):
    plain = Scenario(YEAR, seed=seed, data=Data.SMALL)
    disturbed = Scenario(YEAR, seed=seed, data=Data.SMALL, faults=MANY)
    found = [
        [deed for moment in agenda(CALENDAR, each).values() for deed in moment.deeds]
        for each in (plain, disturbed)
    ]
    assert found[0] == found[1]


def test_without_data_nobody_puts_a_file():
    assert {deed.what for deed in deeds(CALENDAR, YEAR, 1, Data.NONE)} <= {
        What.NOTHING,
        What.WAIVE,
    }


@pytest.mark.parametrize("wanted", [FEW, MANY])
def test_each_fault_strikes_as_often_as_wanted_and_what_begins_ends(wanted):
    days = agenda(CALENDAR, Scenario(YEAR, faults=wanted)).values()
    begun = [strike for moment in days for strike in moment.begins]
    ended = [strike for moment in days for strike in moment.ends]
    assert {fault: sum(s.fault is fault for s in begun) for fault in wanted} == wanted
    assert sorted(ended) == sorted(strike for strike in begun if strike.until > strike.at)


def test_the_outages_are_as_long_as_they_are_called():
    assert [OUTAGES[fault].total_seconds() for fault in sorted(OUTAGES)] == [
        3600,
        2,
        3 * 86_400,
        40 * 86_400,
    ]
    assert set(OUTAGES) == {fault for fault in Fault if fault.value.startswith("outage")}


def test_every_instant_comes_once_and_in_order():
    instants = list(agenda(CALENDAR, Scenario(YEAR, years=2, faults=MANY)))
    assert instants == sorted(set(instants))


def test_the_real_calendar_can_be_narrowed_to_any_county():
    narrow = parse_calendar(narrowed(WHOLE, ["46"]), "calendar.yaml")
    whole = parse_calendar(WHOLE, "calendar.yaml")
    assert list(narrow.counties) == ["46"]
    mine = {o.key: o.due for o in expand(whole, YEAR) if o.scope in ("46", "national")}
    assert {o.key: o.due for o in expand(narrow, YEAR)} == mine


def test_a_date_is_moved_by_an_override_with_a_reason():
    move = moved(Edition.read(SMALL), YEAR, date(2026, 9, 1), Random(1))
    entry = yaml.safe_load(move.edition.text)["deliverables"][move.row]["overrides"][0]
    assert entry["reason"]
    assert entry["decided_by"]
    dues = {o.due for o in expand(move.edition.calendar, YEAR) if o.deliverable == move.row}
    assert dues == {move.after}
    assert move.before != move.after


def test_nothing_is_moved_when_the_year_is_over():
    assert moved(Edition.read(SMALL), YEAR, date(2027, 7, 31), Random(1)) is None
