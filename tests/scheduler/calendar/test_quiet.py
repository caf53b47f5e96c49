"""Quiet hours: a property over every hour of seven years, and the days when the clock is moved."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.quiet import MOST_STEPS, Quiet
from scheduler.calendar.silence import waits
from scheduler.calendar.workdays import Workdays

WORKDAYS = Workdays({date(2026, 12, 24): "Julaften"})
NIGHT = {"from": "22:00", "to": "06:00"}
PERIOD = {"from": "20. desember 2026", "to": "3. januar 2027", "reason": "Jul."}
SUMMER_TIME, WINTER_TIME = date(2026, 3, 29), date(2026, 10, 25)


def quiet(**fields):
    return Quiet.model_validate(fields)


def oslo(day, at, fold=0):
    return datetime.combine(day, time.fromisoformat(at), OSLO).replace(fold=fold)


clock = st.times().map(lambda t: f"{t:%H:%M}").filter(lambda t: not "02:00" <= t < "03:00")
quiets = st.builds(
    lambda span, off, period: quiet(
        **({"from": span[0], "to": span[1]} if span else {}),
        non_working_days=off,
        periods=[PERIOD] if period else [],
    ),
    st.none() | st.tuples(clock, clock).filter(lambda span: span[0] != span[1]),
    st.booleans(),
    st.booleans(),
)
minutes = st.integers(0, 7 * 366 * 24 * 60).map(
    lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)


def holds(found, at):
    """The same by the wall clock, minute by minute, as a person would say it."""
    local = at.astimezone(OSLO)
    day, now = local.date(), f"{local:%H:%M}"
    off = found.non_working_days and not WORKDAYS.is_working(day)
    in_period = any(p.first <= day <= p.last for p in found.periods)
    if found.first is None:
        at_night = False
    elif found.first < found.last:
        at_night = found.first <= now < found.last
    else:
        at_night = now >= found.first or now < found.last
    return off or in_period or at_night


@given(quiets, minutes)
@example(quiet(**NIGHT), oslo(SUMMER_TIME, "03:00"))
@example(quiet(**NIGHT), oslo(WINTER_TIME, "02:30", fold=1))
@example(quiet(**NIGHT), oslo(WINTER_TIME, "02:30"))
def test_it_holds_when_the_wall_clock_says_so_and_ends_where_it_says(found, now):
    until = found.until(now, WORKDAYS)
    assert (until is not None) == holds(found, now)
    if until is not None:
        assert until > now
        assert not holds(found, until)
        assert holds(found, until - timedelta(minutes=1))


@given(quiets, minutes, st.floats(0, 1))
def test_all_that_lies_before_its_end_is_quiet(found, now, share):
    until = found.until(now, WORKDAYS)
    if until is not None:
        between = now + (until - now) * share
        assert holds(found, between) or between >= until


@pytest.mark.parametrize("day", [SUMMER_TIME, WINTER_TIME, date(2026, 11, 5)])
def test_a_night_ends_at_six_also_when_the_clock_is_moved(day):
    evening = oslo(day - timedelta(days=1), "23:00")
    assert quiet(**NIGHT).until(evening, WORKDAYS) == oslo(day, "06:00")


def test_a_friday_night_and_a_weekend_are_one_silence():
    found = quiet(**NIGHT, non_working_days=True)
    assert found.until(oslo(date(2026, 11, 6), "22:00"), WORKDAYS) == oslo(
        date(2026, 11, 9), "06:00"
    )
    assert found.until(oslo(date(2026, 11, 6), "21:59"), WORKDAYS) is None


def test_a_silence_that_never_ends_is_looked_at_for_two_years_and_no_longer():
    always = Workdays({date(2026, 1, 1) + timedelta(days=n): "Stengt" for n in range(3000)})
    now = oslo(date(2026, 6, 1), "12:00")
    until = quiet(non_working_days=True).until(now, always)
    assert timedelta(days=MOST_STEPS - 2) < until - now <= timedelta(days=MOST_STEPS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from": "22:00"}, "både «from» og «to»"),
        ({"from": "22:00", "to": "22:00"}, "både «from» og «to»"),
        ({"from": "22:00", "to": "02:30"}, "når klokka stilles"),
        ({"periods": [{**PERIOD, "to": "1. desember 2026"}]}, "slutte etter at den begynner"),
    ],
)
def test_what_cannot_be_kept_is_declined(wrong, said):
    with pytest.raises(ValueError, match=said):
        quiet(**wrong)


@pytest.mark.parametrize(
    ("now", "until", "words"),
    [
        ("2026-11-05T23:00", "2026-11-06T06:00", "venter til 06.00"),
        ("2026-11-06T23:00", "2026-11-09T06:00", "venter til 9. november kl. 06.00"),
        ("2026-11-06T23:00", "2026-11-07T00:00", "venter til 7. november kl. 00.00"),
    ],
)
def test_people_are_told_until_when(now, until, words):
    both = (datetime.fromisoformat(at).replace(tzinfo=OSLO) for at in (until, now))
    assert waits(*both) == words
