"""The school year: from 1 August, written with two years."""

from datetime import date

import pytest

from scheduler.calendar import SchoolYear


@pytest.mark.parametrize(
    ("day", "cycle"),
    [
        (date(2026, 7, 31), "2025-2026"),
        (date(2026, 8, 1), "2026-2027"),
        (date(2027, 1, 1), "2026-2027"),
    ],
)
def test_a_school_year_begins_on_1_august(day, cycle):
    assert SchoolYear.of(day) == cycle
    assert day in SchoolYear(cycle)


@pytest.mark.parametrize("text", ["2026", "2026-2028", "2027-2026", "26-27", "", "1026-1027"])
def test_what_is_no_school_year_is_refused(text):
    with pytest.raises(ValueError, match="er ikke et skoleår"):
        SchoolYear(text)
