"""Days that calendars get wrong: clock changes, leap days, double holidays, weekends that stay."""

from datetime import date, timedelta

import pytest

from scheduler.calendar import expand, explain, parse_calendar
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.state import deadline
from tests.scheduler.calendar.finding import the
from tests.scheduler.calendar.right import DUE, RIGHT


def one_row(due, **fields):
    """The right calendar's first row alone, with another rule."""
    text = RIGHT[: RIGHT.index("  en-levering:")].replace(DUE, f"due: {due}", 1)
    more = "".join(f"    {name}: {value}\n" for name, value in fields.items())
    text = text.replace("kind: import", "kind: deadline")
    return parse_calendar(text + more, "prøve.yaml")


@pytest.mark.parametrize(
    ("day", "cycle", "due", "utc"),
    [
        (
            "29. mars",
            "2025-2026",
            date(2026, 3, 29),
            "2026-03-29T21:59:00+00:00",
        ),  # summer time begins
        ("28. mars", "2025-2026", date(2026, 3, 28), "2026-03-28T22:59:00+00:00"),
        ("25. oktober", "2026-2027", date(2026, 10, 25), "2026-10-25T22:59:00+00:00"),  # and ends
        ("24. oktober", "2026-2027", date(2026, 10, 24), "2026-10-24T21:59:00+00:00"),
    ],
)
def test_a_deadline_on_a_day_the_clock_changes_is_that_evening_in_oslo(day, cycle, due, utc):
    calendar = one_row(f"{{date: {day}, shift: none}}", time='"23:59"')
    found = the("en-import", cycle, calendar=calendar)
    assert (found.due, found.clock_time) == (due, "23:59")
    assert deadline(found.due, found.clock_time).isoformat() == utc
    assert "Fristen er kl. 23.59." in explain(found)


def test_the_day_the_clock_changes_is_a_sunday_and_moves_as_one():
    calendar = one_row("{date: 29. mars, shift: following}")
    assert the("en-import", "2025-2026", calendar=calendar).due == date(2026, 3, 30)
    calendar = one_row("{date: 25. oktober, shift: preceding}")
    assert the("en-import", "2026-2027", calendar=calendar).due == date(2026, 10, 23)


def test_a_leap_day_is_counted_and_can_be_due():
    calendar = one_row("{after: reference_date, days: 151, shift: none}")
    assert the("en-import", "2027-2028", calendar=calendar).due == date(2028, 2, 29)
    assert the("en-import", "2026-2027", calendar=calendar).due == date(2027, 3, 1)
    weekly = one_row("{weekly: tirsdag, from: 1. februar, to: 31. mars}")
    dues = {found.due for found in expand(weekly, "2027-2028")}
    assert date(2028, 2, 29) in dues


def test_17_may_2027_moves_for_two_reasons_and_both_are_named():
    found = the("en-import", "2026-2027", calendar=one_row("{date: 17. mai, shift: following}"))
    assert found.due == date(2027, 5, 18)
    step = found.trace[-1]
    assert step.facts["because"] == ["Andre pinsedag", "Grunnlovsdag"]
    assert step.sentence == (
        "17. mai er Andre pinsedag og Grunnlovsdag; fristen flyttes til første arbeidsdag etter, "
        "tirsdag 18. mai 2027."
    )


def test_sunday_1_october_2028_stays_the_reference_date_while_the_deadline_moves():
    found = the("skole-off-telling-okt", "2028-2029")
    assert (found.reference_date, found.reference_date.weekday()) == (date(2028, 10, 1), 6)
    assert (found.nominal, found.due) == (date(2028, 10, 15), date(2028, 10, 13))
    assert "Dataene gjelder søndag 1. oktober 2028 (telledato), som aldri flyttes." in explain(
        found
    )


@pytest.mark.parametrize(
    ("row", "cycle", "weekday", "sentence"),
    [
        ("kode-programomrade-soknad", "2025-2026", 5, "1. november er en lørdag, men denne datoen"),
        ("kode-programomrade-soknad", "2026-2027", 6, "1. november er en søndag, men denne datoen"),
        ("ot-data-1115", "2025-2026", 5, "Dataene gjelder lørdag 15. november 2025 (telledato)"),
        ("ot-data-1115", "2026-2027", 6, "Dataene gjelder søndag 15. november 2026 (telledato)"),
        (
            "fag-udirformidling-endelig",
            "2025-2026",
            5,
            "fristen flyttes til siste arbeidsdag før, fredag 14.",
        ),
        (
            "fag-udirformidling-endelig",
            "2026-2027",
            6,
            "fristen flyttes til siste arbeidsdag før, fredag 13.",
        ),
    ],
)
def test_1_and_15_november_fall_on_weekends_and_each_row_says_what_it_does(
    row, cycle, weekday, sentence
):
    found = the(row, cycle)
    fixed = found.reference_date or found.nominal
    assert fixed.weekday() == weekday
    assert sentence in explain(found)


def test_working_days_are_counted_as_one_by_one():
    """The count by weeks and holidays equals the count day by day, closures and weekends included."""
    start = date(2026, 12, 20)
    workdays = Workdays({date(2026, 12, 24): "Julaften", date(2026, 12, 26): "Også en lørdag"})
    for length in range(400):
        last = start + timedelta(days=length)
        days = (start + timedelta(days=n) for n in range(1, length + 1))
        assert workdays.between(start, last) == sum(map(workdays.is_working, days))


def test_working_days_before_a_day_are_those_of_going_back_one_by_one():
    """Also past a long closure, and from a day off."""
    shut = {date(2026, 8, 1) + timedelta(days=n): "Ombygging" for n in range(55)}
    workdays = Workdays({**shut, date(2026, 12, 24): "Julaften"})
    for length in range(120):
        day, back = date(2026, 9, 20) + timedelta(days=length), []
        for number in range(45):
            assert workdays.before(day, number) == back
            back.append(workdays.step(back[-1] if back else day, -1))
