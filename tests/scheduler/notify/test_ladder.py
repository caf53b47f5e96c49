"""The ladder: which day each step falls on, and which step is due after any pattern of restarts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar.expansion import workdays_of
from scheduler.calendar.workdays import Workdays
from scheduler.notify.ladder import (
    COORDINATOR,
    DEPUTY,
    LEADER,
    RESPONSIBLE,
    Silence,
    due_now,
    ends,
    for_level,
    is_open,
    steps,
)
from tests.scheduler.notify.setting import CALENDAR, oslo

NORWAY = Workdays({})
DUE = date(2026, 10, 23)
LADDER = for_level(steps(DUE, NORWAY, date(2026, 11, 6)), RESPONSIBLE, tracked=True)


def days(ladder):
    return {step.name: step.day for step in ladder}


def test_steps_are_counted_in_working_days_across_holidays():
    found = days(steps(date(2027, 5, 18), NORWAY, date(2027, 5, 20)))
    assert found == {
        "T-30": date(2027, 4, 2),
        "T-14": date(2027, 4, 26),
        "T-7": date(2027, 5, 5),  # 6 May is Ascension Day
        "T-3": date(2027, 5, 12),
        "T-1": date(2027, 5, 14),  # 15 to 17 May: a weekend, and Pentecost on Constitution Day
        "T": date(2027, 5, 18),
        "T+1": date(2027, 5, 19),
        "T+2": date(2027, 5, 20),
    }


def test_a_county_that_is_closed_is_reminded_before_it_closes():
    agder = workdays_of(CALENDAR, "2026-2027", "42")
    found = days(steps(date(2026, 10, 26), agder, date(2026, 10, 26)))
    assert found["T-1"] == date(2026, 10, 16)
    assert days(steps(date(2026, 10, 26), NORWAY, date(2026, 10, 26)))["T-1"] == date(2026, 10, 23)


def test_a_deadline_on_a_sunday_has_its_last_step_on_the_friday():
    found = days(steps(date(2026, 11, 1), NORWAY, date(2026, 11, 3)))
    assert found["T"] == date(2026, 10, 30)
    assert found["T-1"] == date(2026, 10, 29)
    assert found["T+1"] == date(2026, 11, 2)


def test_a_weekly_row_begins_the_day_before():
    short = steps(DUE, NORWAY, date(2026, 10, 26), short=True)
    assert [step.name for step in short] == ["T-1", "T", "T+1"]


@pytest.mark.parametrize(
    ("level", "tracked", "expected"),
    [
        (RESPONSIBLE, True, ["T-3", "T-1", "T", "T+1", "T+2", "T+3", "T+4", "T+5", "T+6"]),
        (DEPUTY, True, ["T+1", "T+2", "T+3", "T+4", "T+5", "T+6"]),
        (LEADER, True, ["T+3"]),
        (COORDINATOR, True, ["T+5"]),
        (RESPONSIBLE, False, ["T-3", "T-1", "T"]),
        (DEPUTY, False, []),
    ],
)
def test_each_level_is_told_its_own_steps(level, tracked, expected):
    ladder = steps(DUE, NORWAY, date(2026, 11, 2))
    assert [step.name for step in for_level(ladder, level, tracked=tracked)] == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (oslo(10, 23, 7, 59), False),
        (oslo(10, 23, 8), True),
        (oslo(10, 23, 17), False),
        (oslo(10, 24, 8), False),
        (oslo(10, 26, 8), True),  # winter time began the day before
        (oslo(12, 25, 9), False),
    ],
)
def test_reminders_go_on_working_days_by_day(instant, expected):
    assert is_open(instant, NORWAY) is expected


def test_eight_o_clock_is_in_oslo_in_summer_and_winter():
    assert steps(DUE, NORWAY, DUE)[-1].at.hour == 6
    assert steps(date(2026, 10, 26), NORWAY, DUE)[-1].at.hour == 7


@pytest.mark.parametrize(
    ("now", "sent", "settled", "send", "step"),
    [
        (oslo(10, 19), (), "", False, None),
        (oslo(10, 20), (), "", True, "T-3"),
        (oslo(10, 22), {"T-3"}, "", True, "T-1"),
        (oslo(10, 22, 9), {"T-1"}, "", False, "T-1"),
        (oslo(10, 22), (), "levert", False, "T-1"),
        (oslo(10, 28), {"T-3"}, "", True, "T+3"),
    ],
)
def test_only_the_newest_step_is_sent_and_never_what_is_settled(now, sent, settled, send, step):
    decision = due_now(LADDER, now, sent, (), settled=settled)
    assert (decision.send, decision.step and decision.step.name) == (send, step)


def test_what_was_passed_by_is_told():
    decision = due_now(LADDER, oslo(10, 28), {"T-3"}, ())
    assert [step.name for step in decision.passed] == ["T-1", "T", "T+1", "T+2"]


@pytest.mark.parametrize(
    ("silence", "silent", "heard", "why"),
    [
        (Silence("acknowledge", oslo(10, 20, 9), "kari"), (10, 22), (10, 23), "«vi er i gang»"),
        (
            Silence("snooze", oslo(10, 20, 9), "kari", date(2026, 10, 23)),
            (10, 22),
            (10, 23),
            "utsatt til 23.10.2026",
        ),
        (
            Silence("snooze", oslo(10, 20, 9), "kari", date(2027, 1, 1)),
            (10, 23),
            (10, 26),
            "utsatt til 01.01.2027",
        ),
    ],
)
def test_a_silence_holds_before_the_deadline_and_never_after_it(silence, silent, heard, why):
    assert not due_now(LADDER, oslo(*silent), (), [silence]).send
    assert due_now(LADDER, oslo(*silent), (), [silence]).why == why
    assert due_now(LADDER, oslo(*heard), (), [silence]).send


def test_what_nobody_follows_up_is_not_told_once_its_day_is_over():
    untracked = for_level(steps(DUE, NORWAY, date(2026, 10, 26)), RESPONSIBLE, tracked=False)
    assert not due_now(untracked, oslo(10, 26), (), ()).send


def test_a_message_is_true_until_the_next_step_or_the_end_of_its_day():
    by_name = {step.name: step for step in LADDER}
    assert ends(LADDER, by_name["T-3"], oslo(10, 20)) == oslo(10, 22)
    assert ends(LADDER, by_name["T"], oslo(10, 23)) == oslo(10, 24, 0)
    assert ends(LADDER, by_name["T+1"], oslo(10, 26)) == oslo(10, 27, 0)
    assert ends([by_name["T+3"]], by_name["T+3"], oslo(10, 28)) == oslo(10, 28) + timedelta(7)


@given(st.lists(st.integers(0, 24 * 45), min_size=1, max_size=60, unique=True))
def test_after_any_pattern_of_restarts_each_step_goes_once_and_the_newest_is_never_missed(hours):
    sent = []
    for hour in sorted(hours):
        now = oslo(10, 1) + timedelta(hours=hour)
        if not is_open(now, NORWAY):
            continue
        ladder = for_level(steps(DUE, NORWAY, now.date()), RESPONSIBLE, tracked=True)
        decision = due_now(ladder, now, sent, ())
        come = [step.name for step in ladder if step.at <= now]
        if decision.send:
            sent.append(decision.step.name)
        assert not come or sent[-1] == come[-1]
        assert len(sent) == len(set(sent))


def test_grace_is_silent_and_the_late_steps_count_from_its_end():
    grace = date(2026, 10, 27)
    ladder = steps(DUE, NORWAY, date(2026, 11, 6), grace_until=grace)
    found = days(ladder)
    assert found["T"] == DUE
    assert found["T+1"] == date(2026, 10, 28)
    told = for_level(
        steps(DUE, NORWAY, date(2026, 10, 26), grace_until=grace), RESPONSIBLE, tracked=True
    )
    assert not due_now(told, oslo(10, 26, 9), {"T"}, ()).send
    assert not due_now(told, oslo(10, 26, 9), (), ()).send
