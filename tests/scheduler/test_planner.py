"""The plan follows the calendar and never loses, doubles or re-runs an occurrence."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar import expand, parse_calendar
from scheduler.ledger.planner import plan, planned_cycles
from scheduler.ledger.tables import CalendarVersion, OccurrenceRow
from tests.planned import CALENDAR, FEW, WHOLE

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
KEY = "stat-ssbelev-l1/2026-2027/first/46"


def planned(database, text=CALENDAR, now=NOW):
    with Session(database) as session, session.begin():
        return plan(session, parse_calendar(text, "calendar.yaml"), text, now)


def row(database, key=KEY):
    with Session(database) as session:
        return session.get_one(OccurrenceRow, key)


def moved(text=CALENDAR):
    """The same calendar with the first delivery of ssbElev two days earlier."""
    start = text.index("  stat-ssbelev-l1:")
    head, tail = text[:start], text[start:]
    assert "date: 24. oktober" in tail
    return head + tail.replace("date: 24. oktober", "date: 22. oktober", 1)


def without_row(text=CALENDAR):
    """The same calendar with the mid-term import out of use."""
    start = text.index("  skole-off-termin1-feb:")
    end = text.index("\n  skole-", start + 10)
    return text[:start] + text[start:end].rstrip() + '\n    activity: "no"\n' + text[end:]


def test_this_and_the_next_school_year_are_planned():
    assert planned_cycles(NOW) == ("2026-2027", "2027-2028")
    before_midnight_in_norway = datetime(2027, 7, 31, 21, 59, tzinfo=UTC)
    assert planned_cycles(before_midnight_in_norway)[0] == "2026-2027"
    assert planned_cycles(before_midnight_in_norway + timedelta(minutes=1))[0] == "2027-2028"


def test_the_ledger_holds_exactly_what_the_calendar_expands_to(database):
    result = planned(database, WHOLE)
    calendar = parse_calendar(WHOLE, "calendar.yaml")
    expected = {o.key for cycle in planned_cycles(NOW) for o in expand(calendar, cycle)}
    with Session(database) as session:
        assert set(session.scalars(select(OccurrenceRow.key))) == expected
    assert (result.added, result.changed, result.withdrawn) == (len(expected), 0, 0)


def test_planning_again_changes_nothing(database):
    planned(database)
    assert planned(database, now=LATER).changes == ()
    assert row(database).changed_at == NOW


def test_a_moved_date_keeps_its_key_and_tells_readers_once(database):
    planned(database)
    assert planned(database, moved(), LATER).changed >= len(FEW)
    after = row(database)
    assert after.nominal.day == 22
    assert (after.sequence, after.changed_at) == (1, LATER)
    planned(database, moved(), LATER + timedelta(days=1))
    assert row(database).sequence == 1


def test_a_moved_date_never_reopens_what_is_done(database):
    planned(database)
    with Session(database) as session, session.begin():
        done = session.get_one(OccurrenceRow, KEY)
        done.outcome, done.outcome_at = "done", NOW
    planned(database, moved(), LATER)
    assert row(database).outcome == "done"


@pytest.mark.parametrize("outcome", [None, "done"])
def test_a_row_out_of_use_is_withdrawn_unless_done_and_never_deleted(database, outcome):
    planned(database)
    key = "skole-off-termin1-feb/2026-2027/only/46"
    with Session(database) as session, session.begin():
        session.get_one(OccurrenceRow, key).outcome = outcome
    planned(database, without_row(), LATER)
    assert row(database, key).outcome == (outcome or "withdrawn")
    planned(database, CALENDAR, LATER)
    assert row(database, key).outcome == outcome


def test_the_version_in_use_is_kept_and_a_return_to_an_old_one_counts(database):
    for day, text in enumerate((CALENDAR, moved(), CALENDAR)):
        planned(database, text, NOW + timedelta(days=day))
    with Session(database) as session:
        assert session.scalar(select(func.count()).select_from(CalendarVersion)) == 3
        newest = session.scalar(select(CalendarVersion).order_by(CalendarVersion.number.desc()))
        assert newest.text == CALENDAR


def tampered(database, **values):
    """What another release of the service may have written of a row."""
    with Session(database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        for name, value in ({"fingerprint": "annerledes"} | values).items():
            setattr(row, name, value)


def test_a_release_that_finds_another_date_is_a_version_of_its_own(database):
    planned(database)
    right = row(database).due
    tampered(database, due=right - timedelta(days=1))
    with Session(database) as session, session.begin():
        result = plan(session, parse_calendar(CALENDAR, "calendar.yaml"), CALENDAR, LATER)
        assert (result.is_new, result.version.published_by) == (True, "ny utgave av tjenesten")
        assert [(c.occurrence_key, c.kind) for c in result.announced] == [(KEY, "moved")]
    assert row(database).due == right


def test_a_release_that_only_words_a_date_otherwise_tells_nobody(database):
    planned(database)
    tampered(database)
    with Session(database) as session, session.begin():
        result = plan(session, parse_calendar(CALENDAR, "calendar.yaml"), CALENDAR, LATER)
        assert (result.is_new, result.announced) == (False, ())
        assert [(c.occurrence_key, c.kind) for c in result.changes] == [(KEY, "reworded")]


def test_what_only_machines_read_follows_without_a_change(database):
    planned(database)
    right = row(database).trace
    assert any(step["facts"] for step in right)
    with Session(database) as session, session.begin():
        old = session.get_one(OccurrenceRow, KEY)
        old.trace = [step | {"facts": {}} for step in right]
    assert planned(database, now=LATER).changes == ()
    assert row(database).trace == right
