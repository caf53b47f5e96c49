"""The twenty marks of a feed that readers can trust, one test each, over every kind of calendar."""

import re
import subprocess
import sys
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.access import feed_tokens
from scheduler.calendar import parse_calendar
from scheduler.feeds.building import build_feeds
from scheduler.feeds.store import publish_feeds
from scheduler.ledger.tables import ChangeRow, OccurrenceRow
from tests.feed import blocks_of, components, events_of, read_feed
from tests.planned import CALENDAR, NOW, in_row, plan_and_build, settings_in
from tests.published import change, client_of, copied, ledger_in

ADDRESSES = (
    "/kalender/46.ics",
    "/kalender/alle.ics",
    "/kalender/alle.ics?fylke=03&fylke=46",
    "/kalender/46.ics?omrade=ot&rolle=fylke-ot",
    "/kalender/46.ics?varsel=3d",
    "/kalender/46/oppgaver.ics",
)
ALONE, ROW = "inn-2inntak", "ot-data-0615"
GONE = re.sub(rf"\n  {ALONE}:\n.*?\n\n", "\n", CALENDAR, count=1, flags=re.DOTALL)
CSS_NAMES = {"steelblue", "navy", "teal", "royalblue"}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    ledger_in(folder).dispose()
    return folder


@pytest.fixture(scope="module")
def client(published):
    return client_of(published)


@pytest.fixture(params=ADDRESSES)
def feed(request, client):
    answer = client.get(request.param)
    assert answer.status_code == 200
    return answer.data


@pytest.fixture
def engine(published, tmp_path):
    engine = copied(published, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def republish(engine, tmp_path):
    """Take another text into use a number of days later, and give a client that sees it."""

    def then(text, days=1):
        settings = settings_in(tmp_path)
        made = plan_and_build(engine, settings, text, NOW + timedelta(days=days))
        publish_feeds(made, settings.feed_dir)
        return client_of(tmp_path)

    return then


def test_01_identical_bytes_in_two_processes_on_two_days(republish, published):
    wanted = [client_of(published).get(address).data for address in ADDRESSES]
    another_day = republish(CALENDAR, days=9)
    assert [another_day.get(address).data for address in ADDRESSES] == wanted
    script = (
        "import sys; from pathlib import Path; from tests.published import client_of;"
        "client = client_of(Path(sys.argv[1]));"
        "[sys.stdout.buffer.write(client.get(a).data) for a in sys.argv[2:]]"
    )
    command = [sys.executable, "-c", script, str(published), *ADDRESSES]
    told = subprocess.run(command, capture_output=True, check=True).stdout
    assert told == b"".join(wanted)


def test_02_lines_of_75_octets_whole_characters_crlf_and_no_mark(feed):
    assert feed.startswith(b"BEGIN:VCALENDAR\r\n")
    lines = feed.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(line.decode() or line == lines[-1] for line in lines)


def test_03_one_calendar_with_version_and_maker(feed):
    assert feed.count(b"BEGIN:VCALENDAR") == feed.count(b"END:VCALENDAR\r\n") == 1
    calendar = read_feed(feed)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]


def test_04_names_are_unique_and_outlive_a_release(feed, republish, client):
    uids = [str(component["UID"]) for component in components(feed)]
    assert len(set(uids)) == len(uids) > 0
    renamed = in_row(CALENDAR, ALONE, "name: Andreinntak", "name: Andre inntak")
    after = republish(renamed).get(ADDRESSES[0]).data
    assert events_of(after).keys() == events_of(client.get(ADDRESSES[0]).data).keys()


@pytest.mark.parametrize("address", [ADDRESSES[0], ADDRESSES[-1]])
def test_05_a_new_title_is_one_more_for_its_own_and_nothing_for_others(republish, client, address):
    address = f"{address}?skolear=2026-2027"
    renamed = in_row(CALENDAR, ROW, "name: OT-data", "name: Data fra OT")
    before, after = client.get(address).data, republish(renamed).get(address).data
    old, new = ({str(c["UID"]): c for c in components(feed)} for feed in (before, after))
    (uid,) = [uid for uid in old if old[uid].to_ical() != new[uid].to_ical()]
    assert new[uid]["SEQUENCE"] == old[uid]["SEQUENCE"] + 1
    assert new[uid]["LAST-MODIFIED"].dt == old[uid]["LAST-MODIFIED"].dt + timedelta(days=1)


@pytest.mark.parametrize("days", [1, 61, 120])
def test_06_what_is_called_off_stays_as_cancelled(republish, days):
    client = republish(GONE, days=1)
    if days > 1:
        client = republish(GONE, days=days)
    event = events_of(client.get("/kalender/46.ics").data)[
        f"frist-{ALONE}-2026-2027-only-46@aarshjul"
    ]
    assert event["STATUS"] == "CANCELLED"
    assert event["SUMMARY"].startswith("Avlyst: ")


def test_07_an_event_is_one_whole_day(feed):
    for event in events_of(feed).values():
        assert type(event.start) is date
        assert event.end == event.start + timedelta(days=1)


def test_08_the_hint_of_how_often_is_a_duration(feed):
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in feed


def test_09_there_is_no_method(feed):
    assert b"METHOD" not in feed


def test_10_no_time_zone_is_needed(feed):
    assert b"TZID" not in feed
    assert b"VTIMEZONE" not in feed


def test_11_colour_address_and_number_are_what_the_standard_asks(feed):
    calendar = read_feed(feed)
    assert calendar["COLOR"] in CSS_NAMES
    addresses = [calendar["URL"], calendar["SOURCE"], *(c["URL"] for c in components(feed))]
    assert all(urlsplit(str(a)).scheme == "https" and " " not in str(a) for a in addresses)
    assert all(component["SEQUENCE"] >= 0 for component in components(feed))


def test_12_awkward_words_come_back_as_they_were(republish):
    words = "Å, æ; ø\\\\ – «sitat» 🎉 på to\\nlinjer"
    text = in_row(CALENDAR, ROW, "name: OT-data pr. 15.06", f'name: "{words}"')
    wanted = words.replace("\\\\", "\\").replace("\\n", "\n")
    client = republish(text)
    for address in (ADDRESSES[0], ADDRESSES[-1]):
        titles = {str(c["SUMMARY"]) for c in components(client.get(address).data)}
        assert any(title.startswith(wanted) for title in titles)


@pytest.mark.parametrize("address", ADDRESSES)
def test_13_the_tag_changes_exactly_when_the_bytes_do(republish, client, address):
    for encoding in ("identity", "gzip"):
        headers = {"Accept-Encoding": encoding}
        before = client.get(address, headers=headers)
        same = republish(CALENDAR, days=2).get(address, headers=headers)
        assert (same.data, same.headers["ETag"]) == (before.data, before.headers["ETag"])
        has_it = {**headers, "If-None-Match": before.headers["ETag"]}
        assert client.get(address, headers=has_it).status_code == 304
        assert client.head(address, headers=has_it).status_code == 304


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("method", "status"), [("PUT", 405), ("PROPFIND", 405), ("POST", 405), ("OPTIONS", 204)]
)
def test_14_trying_to_write_is_answered(client, address, method, status):
    assert client.open(address, method=method).status_code == status


def test_15_the_feeds_need_no_database(client, feed):
    assert client.get("/tavle").status_code == 503
    assert len(components(feed)) > 0


def test_16_there_is_never_a_calendar_without_events(engine, tmp_path):
    with Session(engine) as session:
        session.execute(delete(ChangeRow))
        session.execute(delete(OccurrenceRow))
        calendar = parse_calendar(CALENDAR, "calendar.yaml")
        settings = settings_in(tmp_path)
        publish_feeds(build_feeds(session, calendar, settings), settings.feed_dir)
    for address in ADDRESSES:
        (event,) = components(client_of(tmp_path).get(address).data)
        assert event["SUMMARY"] == "Ingen frister i denne visningen"


def test_17_a_token_taken_back_is_gone_and_an_unknown_one_is_not_found(engine, tmp_path):
    settings = settings_in(tmp_path)
    make = change(engine, settings, lambda s: feed_tokens.create(s, "en", {}, "kari", NOW))
    client = client_of(tmp_path)
    assert client.get(f"/feed/{make}/a.ics").status_code == 200
    change(engine, settings, lambda s: feed_tokens.revoke(s, "en", "kari", NOW))
    assert client.get(f"/feed/{make}/a.ics").status_code == 410
    assert client.get(f"/feed/{make[:-1]}x/a.ics").status_code == 404


# 18, other programs that read the feed: tests/clients/test_clients.py.


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("{working_day: -1, month: februar}", ["2027-02-26", "2028-02-29"]),
        ("{date: 17. mai, shift: preceding}", ["2027-05-14", "2028-05-16"]),
        ("{date: 28. mars, shift: following}", ["2027-03-30", "2028-03-28"]),
        ("{date: 31. desember, shift: following}", ["2027-01-04", "2028-01-03"]),
    ],
)
def test_19_the_leap_day_the_17_of_may_easter_and_the_new_year_are_right(republish, rule, days):
    text = in_row(CALENDAR, ALONE, "due: {date: 5. august, shift: none}", f"due: {rule}")
    events = events_of(republish(text).get(f"/kalender/46.ics?frist={ALONE}").data).values()
    assert sorted(event.start.isoformat() for event in events) == days


def test_20_there_is_no_way_to_a_5xx_and_back(client, published, tmp_path):
    """What switches a calendar off is a fault between two good answers, and none can be had."""
    statuses = {client.get(address).status_code for address in ADDRESSES}
    empty = client_of(tmp_path)
    for address in (*ADDRESSES, "/kalender/", "/kalender/..%2f", "/feed/", "/feed//x.ics"):
        for headers in ({}, {"Accept-Encoding": "\x00"}, {"If-Modified-Since": "x" * 9000}):
            statuses.add(empty.get(address, headers=headers).status_code)
            statuses.add(client.get(address, headers=headers).status_code)
    assert statuses == {200, 404}
    assert blocks_of(client.get(ADDRESSES[0]).data)
