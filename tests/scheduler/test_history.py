"""What a county saw on a day is answered from storage, to the byte (M4)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, make_transient

from scheduler.calendar import parse_calendar
from scheduler.feeds.building import build_feeds
from scheduler.ledger.database import open_database
from scheduler.ledger.history import as_of, changes_of, changes_to, version_at, versions
from scheduler.ledger.tables import CalendarVersion, ChangeRow, LedgerBase
from tests.planned import calendars, settings_in
from tests.scheduler.small import (
    EARLIER,
    IMPORT,
    NOW,
    ONE_COUNTY,
    RENAMED,
    SMALL,
    WITHOUT,
    calendar_of,
    published,
)

DAY = timedelta(days=1)
EDITS = (SMALL, ONE_COUNTY, WITHOUT, EARLIER, RENAMED)


@pytest.fixture
def edited(database):
    """A database in which each edit was published a day after the one before."""
    for number, text in enumerate(EDITS):
        published(database, text, NOW + number * DAY, why=f"Grunn {number}")
    return database


def seen(database, instant: datetime, county=None):
    with Session(database) as session:
        return {row.key: row for row in as_of(session, instant, county)}


def test_before_the_first_version_nobody_saw_anything(edited):
    assert seen(edited, NOW - timedelta(seconds=1)) == {}
    with Session(edited) as session:
        assert version_at(session, NOW - timedelta(seconds=1)) is None


def test_each_day_s_dates_are_those_of_its_version(edited):
    key = f"{IMPORT}/46"
    days = [seen(edited, NOW + number * DAY)[key].due.day for number in range(len(EDITS))]
    assert days == [15, 12, 15, 8, 15]
    assert seen(edited, NOW + DAY - timedelta(seconds=1))[key].due.day == 15


def test_a_county_sees_its_own_and_no_other_s(edited):
    assert {row.scope for row in seen(edited, NOW, "46").values()} == {"46"}


def test_what_was_withdrawn_then_is_withdrawn_in_the_answer(edited):
    key = "en-levering/2026-2027/only/46"
    outcomes = [seen(edited, NOW + number * DAY)[key].outcome for number in range(4)]
    assert outcomes == [None, None, "withdrawn", None]


def test_the_versions_are_listed_with_who_and_why(edited):
    with Session(edited) as session:
        listed = versions(session)
        assert [version.number for version in listed] == [5, 4, 3, 2, 1]
        assert (listed[0].by, listed[0].why) == ("Kari", "Grunn 4")
        assert listed[-1].changes == 0
        assert listed[0].changes == len(changes_of(session, 5)) > 0
        newest = changes_to(session, "en-levering")[0]
        assert newest.version == 5


def restored_feeds(database, instant, config, folder):
    """The feeds built anew from what history says of an instant, in a database of its own."""
    target = open_database(f"sqlite:///{folder / 'then.db'}")
    LedgerBase.metadata.create_all(target)
    with Session(database) as then, Session(target) as now, now.begin():
        rows = as_of(then, instant)
        kept = [
            *then.scalars(select(CalendarVersion).where(CalendarVersion.in_use_since <= instant)),
            *then.scalars(select(ChangeRow).where(ChangeRow.at <= instant)),
        ]
        text = version_at(then, instant).text
        for row in kept:
            then.expunge(row)
            make_transient(row)
        for group in (kept, rows):
            now.add_all(row for row in group if not isinstance(row, ChangeRow))
        now.flush()
        now.add_all(row for row in kept if isinstance(row, ChangeRow))
        now.flush()
        feeds = build_feeds(now, parse_calendar(text, "calendar.yaml"), config)
    target.dispose()
    return feeds


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_the_feeds_of_a_day_are_rebuilt_to_the_byte(database, tmp_path, number):
    config = settings_in(tmp_path)
    archived = []
    for day, text in enumerate(EDITS):
        published(database, text, NOW + day * DAY)
        with Session(database) as session:
            archived.append(build_feeds(session, calendar_of(text), config))
    instant = NOW + number * DAY + timedelta(hours=5)
    rebuilt = restored_feeds(database, instant, config, tmp_path)
    assert calendars(rebuilt) == calendars(archived[number])
    assert calendars(rebuilt)["46.ics"]
    assert calendars(archived[number]) != calendars(archived[number - 1])
