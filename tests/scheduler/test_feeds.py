"""The feeds: what a calendar program is told, line by line."""

import re
import shutil
import subprocess
import sys
from datetime import date, timedelta

import icalendar
import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.feeds.building import build_feeds
from scheduler.feeds.store import faults_of
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import CalendarVersion, ChangeRow, LedgerBase, OccurrenceRow
from tests.feed import changed_between, events_of
from tests.planned import (
    CALENDAR,
    FEW,
    NOW,
    calendars,
    in_row,
    plan_and_build,
    rows_of,
    settings_in,
)

LATER = NOW + timedelta(days=1)
ROW = "stat-ssbelev-l1"
ALONE = "inn-2inntak"  # no other row depends on it or counts from it
NAME = "name: ssbElev pr. 01.10, 1. levering"
DUE = "due: {date: 24. oktober, shift: preceding}"


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A folder with a planned ledger, and the feeds it gave; nobody writes to it."""
    folder = tmp_path_factory.mktemp("planned")
    settings = settings_in(folder)
    engine = open_database(settings.ledger_url)
    LedgerBase.metadata.create_all(engine)
    feeds = plan_and_build(engine, settings)
    engine.dispose()
    return folder, feeds


@pytest.fixture
def feeds(planned):
    return calendars(planned[1])


@pytest.fixture
def engine(planned, tmp_path):
    """A copy of the planned ledger, to change."""
    shutil.copy(planned[0] / "aarshjul.db", tmp_path)
    engine = open_database(settings_in(tmp_path).ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path):
    return settings_in(tmp_path)


def test_there_is_one_feed_for_each_county_and_one_for_all(feeds):
    assert set(feeds) == {f"{number}.ics" for number in FEW} | {"alle.ics"}


def test_every_feed_may_be_published(feeds):
    assert {name: faults_of(feed) for name, feed in feeds.items() if faults_of(feed)} == {}


def test_a_county_gets_its_own_deadlines_and_the_national_ones(engine, feeds):
    rows = rows_of(engine, "46", "national")
    seen = {(e["UID"].split("@")[0], e.start) for e in events_of(feeds["46.ics"]).values()}
    assert seen == {(f"frist-{r.deliverable}-{r.cycle}-{r.stage}-{r.scope}", r.due) for r in rows}


def test_the_feed_for_all_has_one_event_for_each_deadline_the_counties_share(engine, feeds):
    shared = {(row.deliverable, row.cycle, row.stage) for row in rows_of(engine, "46")}
    national = rows_of(engine, "national")
    assert len(events_of(feeds["alle.ics"])) == len(shared) + len(national)


def test_both_this_school_year_and_the_next_are_in_the_feed(feeds):
    days = [event.start for event in events_of(feeds["46.ics"]).values()]
    assert min(days) < date(2026, 11, 1)
    assert max(days) > date(2028, 5, 1)


def test_a_county_with_a_date_of_its_own_is_named_in_the_feed_for_all(engine, settings):
    own = "{school_year: 2026-2027, announced: 20. oktober 2026, counties: ['46'], source: NV-KVAL}"
    text = in_row(CALENDAR, ROW, "    confirmed:\n", f"    confirmed:\n      - {own}\n")
    events = events_of(plan_and_build(engine, settings, text)["alle.ics"])
    common = events[f"frist-{ROW}-2026-2027-first-alle@aarshjul"]
    vestland = events[f"frist-{ROW}-2026-2027-first-46@aarshjul"]
    assert common.start == date(2026, 10, 23)
    assert vestland.start == date(2026, 10, 20)
    assert "Gjelder alle fylker unntatt Vestland." in common["DESCRIPTION"]
    assert vestland["SUMMARY"] == "ssbElev pr. 01.10, 1. levering – Vestland"


# The checklist for a feed that readers can trust.


def test_equal_data_are_equal_bytes_in_another_process_on_another_day(engine, settings, planned):
    script = (
        "import sys; from pathlib import Path; from tests.planned import *;"
        "from scheduler.ledger.database import open_database; from datetime import timedelta;"
        "feeds = plan_and_build(open_database(sys.argv[1]), settings_in(Path(sys.argv[2])),"
        "now=NOW + timedelta(days=9));"
        "sys.stdout.buffer.write(b''.join(feeds.values()))"
    )
    command = [sys.executable, "-c", script, settings.ledger_url, str(settings.data_dir)]
    other = subprocess.run(command, capture_output=True, check=True).stdout
    assert other == b"".join(planned[1].values())


def test_lines_are_folded_at_75_octets_within_whole_characters(feeds):
    lines = b"".join(feeds.values()).split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert all(line.decode() for line in lines if line)
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_the_calendar_says_what_it_is_and_has_no_method(feeds):
    calendar = icalendar.Calendar.from_ical(feeds["46.ics"])
    assert calendar["VERSION"] == "2.0"
    assert "UID" not in calendar  # vdirsyncer would take it for the events' own
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Årshjul – Vestland"
    assert calendar["COLOR"] == "steelblue"  # a CSS name, as RFC 7986 asks
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in feeds["46.ics"]
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in feeds["46.ics"]
    assert b"METHOD" not in feeds["46.ics"]
    assert b"TZID" not in feeds["46.ics"]


def test_every_event_is_one_whole_free_day_with_a_link(feeds):
    for event in events_of(feeds["46.ics"]).values():
        assert type(event.start) is date
        assert event.end == event.start + timedelta(days=1)
        assert event["TRANSP"] == "TRANSPARENT"
        assert event["SEQUENCE"] == 0
        assert event["URL"].startswith("https://aarshjul.example/forekomst/")
        assert event["DESCRIPTION"].endswith(event["URL"])
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOW


def test_an_event_tells_both_dates_and_how_the_one_became_the_other(feeds):
    event = events_of(feeds["46.ics"])[f"frist-{ROW}-2026-2027-first-46@aarshjul"]
    lines = event["DESCRIPTION"].split("\n")
    assert event["SUMMARY"] == "ssbElev pr. 01.10, 1. levering (foreslått dato)"
    assert lines[0] == "Frist: fredag 23. oktober 2026"
    assert lines[1] == "I kalenderen: lørdag 24. oktober 2026"
    assert "flyttes til siste arbeidsdag før, fredag 23. oktober 2026" in event["DESCRIPTION"]
    assert "torsdag 1. oktober 2026 (telledato)" in event["DESCRIPTION"]
    assert "Fra: Fylkeskommunen" in lines
    assert "Til: Statistisk sentralbyrå" in lines
    assert "Bygger på kildedokumentet og en offentlig kilde." in lines
    assert "Gjelder Vestland." in lines
    assert event.categories == ["Skole", "Inntak", "Vestland"]


def test_a_clock_time_is_said_in_the_title_because_the_event_is_a_whole_day(engine, settings):
    text = in_row(CALENDAR, ROW, NAME, f'{NAME}\n    time: "23:59"')
    event = events_of(plan_and_build(engine, settings, text)["46.ics"])[
        f"frist-{ROW}-2026-2027-first-46@aarshjul"
    ]
    assert event["SUMMARY"] == "ssbElev pr. 01.10, 1. levering, frist kl. 23.59 (foreslått dato)"


def test_a_new_title_changes_that_deadlines_events_and_no_others(engine, settings, feeds):
    after = plan_and_build(
        engine, settings, in_row(CALENDAR, ALONE, "name: Andreinntak", "name: Andre inntak"), LATER
    )
    changed = changed_between(feeds["46.ics"], after["46.ics"])
    assert changed == {
        f"frist-{ALONE}-{cycle}-only-46@aarshjul".encode() for cycle in ("2026-2027", "2027-2028")
    }
    event = events_of(after["46.ics"])[f"frist-{ALONE}-2026-2027-only-46@aarshjul"]
    assert event["SEQUENCE"] == 1
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == LATER


def test_a_moved_deadline_is_the_same_event_on_another_day(engine, settings, feeds):
    after = plan_and_build(
        engine, settings, in_row(CALENDAR, ROW, DUE, DUE.replace("24", "22")), LATER
    )
    uid = f"frist-{ROW}-2026-2027-first-alle@aarshjul"
    assert events_of(feeds["alle.ics"])[uid].start == date(2026, 10, 23)
    assert events_of(after["alle.ics"])[uid].start == date(2026, 10, 22)
    assert events_of(after["alle.ics"])[uid]["SEQUENCE"] > 0
    assert events_of(after["alle.ics"]).keys() == events_of(feeds["alle.ics"]).keys()


def test_a_deadline_taken_out_of_the_calendar_stays_as_cancelled_under_its_name(
    engine, settings, feeds
):
    gone = re.sub(rf"\n  {ALONE}:\n.*?\n\n", "\n", CALENDAR, count=1, flags=re.DOTALL)
    assert gone != CALENDAR
    after = plan_and_build(engine, settings, gone, LATER)
    uid = f"frist-{ALONE}-2026-2027-only-46@aarshjul"
    event = events_of(after["46.ics"])[uid]
    assert event["STATUS"] == "CANCELLED"
    assert event["SUMMARY"].startswith("Avlyst: Andreinntak")
    assert event["SEQUENCE"] == 1
    assert event.start == events_of(feeds["46.ics"])[uid].start


AWKWARD = "Å, æ; ø\\\\ og – «sitat» 🎉 på to\\nlinjer: " + "lang " * 30


def test_awkward_words_come_back_as_they_were(engine, settings):
    text = in_row(CALENDAR, ROW, NAME, f'name: "{AWKWARD}"')
    feed = plan_and_build(engine, settings, text)["46.ics"]
    event = events_of(feed)[f"frist-{ROW}-2026-2027-first-46@aarshjul"]
    wanted = AWKWARD.replace("\\\\", "\\").replace("\\n", "\n").strip()
    assert faults_of(feed) == []
    assert event["SUMMARY"] == f"{wanted} (foreslått dato)"


def test_the_bytes_are_those_the_library_writes_for_what_it_reads(feeds):
    assert (
        icalendar.Calendar.from_ical(feeds["alle.ics"]).to_ical(sorted=False) == feeds["alle.ics"]
    )


def test_before_the_first_plan_there_is_nothing_to_publish(engine, settings):
    with Session(engine) as session:
        session.execute(delete(ChangeRow))
        session.execute(delete(OccurrenceRow))
        session.execute(delete(CalendarVersion))
        assert build_feeds(session, parse_calendar(CALENDAR, "calendar.yaml"), settings) == {}


def test_an_empty_view_says_so_in_one_event(engine, settings):
    with Session(engine) as session:
        session.execute(delete(ChangeRow))
        session.execute(delete(OccurrenceRow))
        feed = build_feeds(session, parse_calendar(CALENDAR, ""), settings)["46.ics"]
    (event,) = events_of(feed).values()
    assert event["SUMMARY"] == "Ingen frister i denne visningen"
    assert faults_of(feed) == []
