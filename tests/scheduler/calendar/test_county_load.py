"""The days a county really has: counted by hand for two counties and two years."""

from datetime import date

import pytest

from scheduler.calendar import CalendarError, expand, parse_calendar
from scheduler.calendar.county_load import breaks_of, effective_days
from tests.scheduler.calendar.finding import CALENDAR
from tests.scheduler.calendar.right import RIGHT


def load(row, cycle, county, calendar=CALENDAR):
    (found,) = (
        found
        for found in effective_days(calendar, cycle, county)
        if found.occurrence.deliverable == row
    )
    return found


# Counted on a wall calendar. Oslo has its autumn break in week 40, Vestfold in week 41.
# 2025: 1 October is a Wednesday. After it, to Wednesday 15 October: 2-3, 6-10, 13-15 = 10 days,
#   to Friday 24 October 7 more = 17. Week 40 holds 2-3 of them, week 41 holds 6-10.
# 2026: 1 October is a Thursday. After it, to Thursday 15 October: 2, 5-9, 12-15 = 10 days,
#   to Friday 23 October 6 more = 16. Week 40 holds 2 of October, week 41 holds 5-9.
@pytest.mark.parametrize(
    ("county", "cycle", "row", "due", "days", "taken"),
    [
        ("03", "2025-2026", "skole-off-telling-okt", date(2025, 10, 15), 10, 2),
        ("03", "2025-2026", "stat-ssbelev-l1", date(2025, 10, 24), 17, 2),
        ("39", "2025-2026", "skole-off-telling-okt", date(2025, 10, 15), 10, 5),
        ("39", "2025-2026", "stat-ssbelev-l1", date(2025, 10, 24), 17, 5),
        ("03", "2026-2027", "skole-off-telling-okt", date(2026, 10, 15), 10, 1),
        ("03", "2026-2027", "stat-ssbelev-l1", date(2026, 10, 23), 16, 1),
        ("39", "2026-2027", "skole-off-telling-okt", date(2026, 10, 15), 10, 5),
        ("39", "2026-2027", "stat-ssbelev-l1", date(2026, 10, 23), 16, 5),
    ],
)
def test_the_days_between_count_and_deadline_are_as_counted_by_hand(
    county, cycle, row, due, days, taken
):
    found = load(row, cycle, county)
    assert (found.due, found.working_days, found.break_days) == (due, days, taken)
    assert found.effective == days - taken
    assert [one.name for one in found.breaks] == ["Høstferie"]


def test_every_county_has_its_breaks_for_both_years():
    for county in CALENDAR.counties:
        names = [(found.name, found.first.year) for found in breaks_of(CALENDAR, county)]
        assert sorted(names) == [
            ("Høstferie", 2025),
            ("Høstferie", 2026),
            ("Vinterferie", 2026),
            ("Vinterferie", 2027),
        ], county


def test_every_break_says_how_its_days_are_known():
    for found in CALENDAR.school_breaks:
        assert found.evidence.sources, found
        assert found.evidence.day_label == "I" or found.evidence.label == "P"


def test_a_school_break_never_moves_a_date():
    bare = CALENDAR.model_copy(update={"school_breaks": ()})
    assert expand(bare, "2026-2027") == expand(CALENDAR, "2026-2027")


def test_a_closure_takes_working_days_and_is_named():
    closed = '  - {name: Flytting, from: 8. oktober 2026, to: 9. oktober 2026, counties: ["42"]}\nempty_months:'
    calendar = parse_calendar(RIGHT.replace("empty_months:", closed), "prøve.yaml")
    agder, vestland = (load("en-import", "2026-2027", c, calendar) for c in ("42", "46"))
    assert (agder.working_days, agder.closures) == (8, ("Flytting",))
    assert (vestland.working_days, vestland.closures) == (10, ())


BREAKS = """\
school_breaks:
  - {name: Høstferie, from: 5. oktober 2026, to: 11. oktober 2026, counties: ["42"], evidence: {label: I}}
  - {name: Kurs, from: 9. oktober 2026, to: 12. oktober 2026, counties: ["42"], evidence: {label: I}}
deliverables:
"""


def test_a_day_in_two_breaks_is_taken_once_and_a_weekend_never():
    calendar = parse_calendar(RIGHT.replace("deliverables:\n", BREAKS, 1), "prøve.yaml")
    found = load("en-import", "2026-2027", "42", calendar)
    assert (found.working_days, found.break_days, found.effective) == (10, 6, 4)
    assert [one.name for one in found.breaks] == ["Høstferie", "Kurs"]


def test_counting_begins_with_the_day_a_window_opens():
    opens = "    description: En levering.\n    opens: 19. oktober\n"
    text = RIGHT.replace("    description: En levering.\n", opens)
    found = load("en-levering", "2026-2027", "46", parse_calendar(text, "prøve.yaml"))
    assert (found.start, found.due, found.working_days) == (
        date(2026, 10, 18),
        date(2026, 10, 22),
        4,
    )


def test_a_deadline_on_its_own_reference_date_has_nothing_to_count():
    rows = {found.occurrence.deliverable for found in effective_days(CALENDAR, "2026-2027", "46")}
    assert "inn-ajourhold-slutt" not in rows
    assert "vok-stat-feb" not in rows  # neither reference date nor opening
    assert "skole-priv-telling-okt" not in rows  # national


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            'from: 9. oktober 2026, to: 5. oktober 2026, counties: ["42"]',
            "slutte etter at den begynner",
        ),
        ('from: 5. oktober, to: 9. oktober 2026, counties: ["42"]', "en dato med årstall"),
        ('from: 5. oktober 2026, to: 9. oktober 2026, counties: ["99"]', "ikke et fylkesnummer"),
        ("from: 5. oktober 2026, to: 9. oktober 2026, counties: []", "trengs minst 1"),
    ],
)
def test_a_break_that_cannot_be_gets_advice(written, words):
    entry = (
        f"school_breaks:\n  - {{name: Ferie, {written}, evidence: {{label: I}}}}\ndeliverables:\n"
    )
    with pytest.raises(CalendarError, match=words):
        parse_calendar(RIGHT.replace("deliverables:\n", entry, 1), "prøve.yaml")
