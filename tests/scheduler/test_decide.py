"""What starts, when, and what never starts twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from jobs.api import StartsOn
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.decide import Candidate, LastRun, Predecessor, decide, start_instant

DUE = date(2026, 10, 23)
MORNING = start_instant(DUE)
EARLIER = MORNING - timedelta(days=3)


def delivery(**changes):
    values = {
        "key": "stat-ssbelev-l1/2026-2027/first/46",
        "starts_on": StartsOn.DUE,
        "due": DUE,
        "outcome": None,
        "last_run": None,
        "predecessors": (Predecessor("import/46", EARLIER),),
    }
    return Candidate(**values | changes)


def imported(**changes):
    return delivery(starts_on=StartsOn.ARRIVAL, predecessors=(), waiting_delivery=7, **changes)


def started(candidate, now=MORNING):
    return [(start.number, start.inputs) for start in decide(now, [candidate])]


def test_a_delivery_leaves_at_six_in_norway_on_its_due_date():
    assert MORNING.astimezone(UTC) == datetime(2026, 10, 23, 4, 0, tzinfo=UTC)
    assert started(delivery(), MORNING - timedelta(seconds=1)) == []
    assert started(delivery(), MORNING) == [(1, {})]


def test_a_delivery_that_is_overdue_leaves_as_soon_as_it_can():
    assert started(delivery(), MORNING + timedelta(days=40)) == [(1, {})]


def test_a_delivery_waits_for_every_predecessor():
    waiting = delivery(predecessors=(Predecessor("a", EARLIER), Predecessor("b", None)))
    assert started(waiting, MORNING + timedelta(days=40)) == []


@pytest.mark.parametrize("outcome", ["done", "waived", "withdrawn"])
def test_a_delivery_with_an_outcome_never_leaves(outcome):
    assert started(delivery(outcome=outcome)) == []


@pytest.mark.parametrize("state", ["requested", "running"])
@pytest.mark.parametrize("candidate", [delivery, imported])
def test_nothing_starts_beside_a_live_run(candidate, state):
    assert started(candidate(last_run=LastRun(1, state, None))) == []


def test_a_refused_delivery_waits_until_what_it_stands_on_is_delivered_anew():
    refused = LastRun(1, "refused", MORNING)
    assert started(delivery(last_run=refused), MORNING + timedelta(days=1)) == []
    mended = (Predecessor("import/46", MORNING + timedelta(hours=5)),)
    later = MORNING + timedelta(days=1)
    assert started(delivery(last_run=refused, predecessors=mended), later) == [(2, {})]


def test_a_failed_delivery_waits_for_a_person():
    failed = LastRun(1, "failed", MORNING)
    mended = (Predecessor("import/46", MORNING + timedelta(hours=5)),)
    later = MORNING + timedelta(days=1)
    assert started(delivery(last_run=failed, predecessors=mended), later) == []


def test_an_arrived_file_starts_an_import_before_its_deadline():
    assert started(imported(), EARLIER) == [(1, {"delivery_id": 7})]


def test_a_file_that_comes_before_the_period_opens_waits_for_it():
    early = imported(opens=EARLIER.date())
    last_minute = datetime.combine(EARLIER.date(), time(0), OSLO) - timedelta(minutes=1)
    assert started(early, last_minute) == []
    assert started(early, last_minute + timedelta(minutes=1)) == [(1, {"delivery_id": 7})]


def test_a_corrected_file_starts_a_new_run_of_an_import_that_is_done():
    done = imported(outcome="done", last_run=LastRun(1, "done", EARLIER, {"delivery_id": 6}))
    assert started(done) == [(2, {"delivery_id": 7})]


def test_a_file_whose_run_failed_is_not_tried_again_without_a_person():
    last = LastRun(1, "failed", EARLIER, {"delivery_id": 7})
    assert started(imported(last_run=last)) == []
    assert started(imported(last_run=LastRun(1, "failed", EARLIER, {"delivery_id": 6}))) == [
        (2, {"delivery_id": 7})
    ]


def test_no_file_no_import():
    assert started(delivery(starts_on=StartsOn.ARRIVAL, waiting_delivery=None)) == []


def test_a_file_for_a_waived_import_waits():
    assert started(imported(outcome="waived")) == []


@pytest.mark.parametrize("candidate", [delivery, imported])
def test_a_year_that_is_not_approved_starts_nothing(candidate):
    assert started(candidate())
    assert started(candidate(approved=False)) == []


MONDAYS = [date(2026, 10, day) for day in (5, 12, 19, 26)]


def weekly(outcomes=(None,) * 4, **changes):
    """The Mondays of October, each open from the Tuesday before unless said otherwise."""
    return [
        imported(
            key=f"skole-off-sluttere-startere/2026-2027/{number}/46",
            due=due,
            outcome=outcome,
            **{"opens": due - timedelta(days=6)} | changes,
        )
        for number, (due, outcome) in enumerate(zip(MONDAYS, outcomes, strict=True), 1)
    ]


def stages(candidates, day):
    now = datetime.combine(day, time(12), OSLO)
    return [start.key.split("/")[2] for start in decide(now, candidates)]


@pytest.mark.parametrize(("day", "stage"), [(12, "2"), (13, "3"), (19, "3"), (20, "4"), (31, "4")])
def test_a_file_starts_the_newest_period_that_has_opened_and_no_other(day, stage):
    assert stages(weekly(), date(2026, 10, day)) == [stage]


def test_a_file_before_the_first_period_waits():
    assert stages(weekly(), date(2026, 9, 28)) == []


@pytest.mark.parametrize(("day", "stage"), [(1, "1"), (5, "1"), (6, "2"), (31, "4")])
def test_a_period_without_an_opening_begins_after_the_deadline_before_it(day, stage):
    assert stages(weekly(opens=None), date(2026, 10, day)) == [stage]


def test_a_corrected_file_starts_the_same_period_again():
    assert stages(weekly(("done", "done", None, None)), date(2026, 10, 12)) == ["2"]


def test_a_period_that_was_called_off_takes_no_file():
    assert stages(weekly((None, None, "withdrawn", None)), date(2026, 10, 16)) == ["2"]


def test_each_county_has_its_own_period():
    other = [replace(each, key=each.key.replace("/46", "/11")) for each in weekly()]
    assert stages([*weekly(), *other], date(2026, 10, 12)) == ["2", "2"]


@pytest.mark.parametrize(("days", "starts"), [(0, True), (3, True), (4, False)])
def test_a_delivery_with_a_window_leaves_by_itself_within_it_and_then_rests(days, starts):
    candidate = delivery(latest=DUE + timedelta(days=3))
    assert bool(started(candidate, MORNING + timedelta(days=days))) is starts
