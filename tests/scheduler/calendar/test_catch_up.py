"""A row says how long after its deadline its job still starts by itself."""

from datetime import date

import pytest

from scheduler.calendar import parse_calendar
from tests.scheduler.calendar.right import RIGHT

FRIDAY = date(2026, 10, 23)


def row_with(text):
    calendar = parse_calendar(
        RIGHT.replace("    description: En import.\n", f"    description: En import.\n{text}", 1),
        "calendar.yaml",
    )
    return calendar.deliverables["en-import"]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("", None),
        ("    catch_up: run_always\n", None),
        ("    catch_up: never\n", FRIDAY),
        ("    catch_up: run_if_before_deadline\n", FRIDAY),
        ("    catch_up: ask\n    catch_up_days: 1\n", date(2026, 10, 26)),
        ("    catch_up: run_if_before_deadline\n    catch_up_days: 5\n", date(2026, 10, 30)),
    ],
)
def test_the_window_is_counted_in_working_days(text, last):
    assert row_with(text).last_automatic_day(FRIDAY) == last
