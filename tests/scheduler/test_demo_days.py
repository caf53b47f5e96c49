"""Which days the demonstration lives through: pure."""

from datetime import date

import pytest

from scheduler.calendar.workdays import Shift, Workdays
from scheduler.demo.replaying import cycles_to_replay
from scheduler.demo.telling import mornings


def test_early_in_a_school_year_last_autumn_is_replayed_too():
    assert cycles_to_replay(date(2026, 9, 1)) == ["2025-2026", "2026-2027"]
    assert cycles_to_replay(date(2026, 11, 22)) == ["2026-2027"]


def test_the_mornings_are_when_nobody_answered_then_mondays_and_the_last_working_day():
    shown = [f"{day:%d.%m}" for day in mornings(date(2026, 10, 29), date(2026, 11, 22))]
    assert shown == ["05.11", "10.11", "16.11", "20.11"]


@pytest.mark.parametrize(
    ("moved", "last"),
    [
        (date(2025, 10, 29), date(2026, 8, 3)),
        (date(2025, 10, 29), date(2026, 10, 31)),
        (date(2026, 10, 29), date(2026, 11, 2)),
        (date(2026, 10, 29), date(2026, 12, 24)),
        (date(2026, 10, 29), date(2027, 3, 29)),  # a Monday and a holiday
        (date(2026, 10, 29), date(2027, 6, 15)),
    ],
)
def test_every_day_of_the_year_has_few_mornings_and_all_are_working_days(moved, last):
    found = mornings(moved, last)
    workdays = Workdays({})
    assert all(workdays.is_working(day) for day in found)
    assert found[-1] == workdays.shift(last, Shift.PRECEDING)
    assert moved < found[0]
    assert len(found) < 10


def test_on_the_day_after_the_move_there_is_only_that_morning():
    assert mornings(date(2026, 10, 29), date(2026, 10, 30)) == [date(2026, 10, 30)]
    assert mornings(date(2026, 10, 29), date(2026, 10, 29)) == []
