"""The difference between two calendars is told deadline by deadline, and by its right name."""

from datetime import date

import pytest

from scheduler.calendar.diff import ChangeKind, compare
from tests.scheduler.small import (
    EARLIER,
    ONE_COUNTY,
    RENAMED,
    SMALL,
    WITHOUT,
    calendar_of,
)

CYCLES = ("2026-2027",)


def difference(old, new, cycles=CYCLES):
    return compare(calendar_of(old), calendar_of(new), cycles)


def kinds(changes):
    return {(change.deliverable, change.scope): change.kind.value for change in changes}


def test_a_calendar_does_not_differ_from_itself():
    assert difference(SMALL, SMALL) == []


def test_a_moved_rule_moves_its_row_and_what_is_counted_from_it():
    changes = difference(SMALL, EARLIER)
    assert kinds(changes) == {
        (row, county): "moved" for row in ("en-import", "en-levering") for county in ("42", "46")
    }
    first = changes[0]
    assert first.key == "en-import/2026-2027/only/42"
    assert (first.before.due, first.after.due) == (date(2026, 10, 15), date(2026, 10, 8))
    assert (first.name, first.words) == ("En import", ())


def test_a_date_for_one_county_touches_no_other():
    assert kinds(difference(SMALL, ONE_COUNTY)) == {
        ("en-import", "46"): "moved",
        ("en-levering", "46"): "moved",
    }


def test_a_new_name_is_new_words_and_no_new_date():
    changes = difference(SMALL, RENAMED)
    reworded = [change for change in changes if change.deliverable == "en-import"]
    assert {(c.kind, c.words, c.name) for c in reworded} == {
        (ChangeKind.REWORDED, ("name",), "Første import")
    }


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("description: En import.", "description: Noe mer.", "description"),
        ("receiver: udir\n    audience: [alle, inntak]", "audience: [alle, inntak]", "receiver"),
        ("audience: [alle, inntak]", "audience: [inntak]", "audience"),
        ("day_label: I, ", "", "evidence"),
        ("udir: {name: Udir}", "udir: {name: Utdanningsdirektoratet}", "receiver"),
        ('"46": {name: Vestland}', '"46": {name: Vestlandet}', "county"),
    ],
)
def test_each_word_that_a_reader_sees_is_named(old, new, word):
    assert old in SMALL
    changes = difference(SMALL, SMALL.replace(old, new, 1))
    assert changes
    assert {change.words for change in changes if change.deliverable == "en-import"} == {(word,)}


def test_a_row_that_comes_or_goes_is_added_or_withdrawn():
    assert set(kinds(difference(SMALL, WITHOUT)).values()) == {"withdrawn"}
    added = difference(WITHOUT, SMALL)
    assert {(c.kind.value, c.before, c.name) for c in added} == {("added", None, "En levering")}


def test_a_confirmed_date_on_the_same_day_is_a_new_status():
    confirmed = ONE_COUNTY.replace("12. oktober 2026", "15. oktober 2026")
    [change] = [c for c in difference(SMALL, confirmed) if c.deliverable == "en-import"]
    assert change.kind is ChangeKind.REWORDED
    assert set(change.words) == {"date_status", "trace"}
