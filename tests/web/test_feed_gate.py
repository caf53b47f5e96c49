"""The feeds' addresses over the real calendar, with no database: selections, forms, methods."""

import csv
import gzip
import io
import json
from datetime import date
from xml.etree import ElementTree as ET

import icalendar
import pytest

from tests.feed import events_of
from tests.published import client_of, ledger_in
from web.access.guard import HEADERS

CHOSEN = "omrade=ot&rolle=fylke-ot"
ADDRESSES = {
    "/kalender/46.ics": "text/calendar; charset=utf-8",
    f"/kalender/46.ics?{CHOSEN}": "text/calendar; charset=utf-8",
    "/kalender/46/oppgaver.ics": "text/calendar; charset=utf-8",
    "/kalender/alle.csv": "text/csv; charset=utf-8",
    "/kalender/46.json": "application/json; charset=utf-8",
    "/endringer.atom": "application/atom+xml; charset=utf-8",
}
READ = {"GET", "HEAD"}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    ledger_in(folder).dispose()
    return folder


@pytest.fixture(scope="module")
def client(published):
    return client_of(published)


def records(client, address):
    return json.loads(client.get(address).data)


def test_a_selection_is_the_events_that_its_records_name(client):
    events = events_of(client.get(f"/kalender/46.ics?{CHOSEN}").data)
    found = records(client, f"/kalender/46.json?{CHOSEN}")
    assert {event.start.isoformat() for event in events.values()} == {r["due"] for r in found}
    assert len(events) == len(found) > 0
    assert all("ot" in r["areas"] and "fylke-ot" in r["roles"] for r in found)
    everything = records(client, "/kalender/46.json")
    wanted = [r for r in everything if "ot" in r["areas"] and "fylke-ot" in r["roles"]]
    assert found == wanted != everything


def test_each_word_of_a_query_chooses(client):
    everything = records(client, "/kalender/46.json")
    for query, holds in {
        "frist=stat-ssbelev-l1": lambda r: r["deliverable"] == "stat-ssbelev-l1",
        "frist=stat-ssbelev-l1&frist=inn-2inntak": lambda r: (
            r["deliverable"] in ("stat-ssbelev-l1", "inn-2inntak")
        ),
        "skolear=2027-2028": lambda r: r["cycle"] == "2027-2028",
        "omrade=inntak": lambda r: "inntak" in r["areas"],
    }.items():
        found = records(client, f"/kalender/46.json?{query}")
        assert found == [r for r in everything if holds(r)] != everything


def test_the_same_selection_is_the_same_bytes_however_it_is_written(client):
    ways = (
        "/kalender/46.ics?omrade=ot&omrade=inntak&rolle=fylke-ot",
        "/kalender/46.ics?rolle=fylke-ot&omrade=inntak&omrade=ot&omrade=ot",
        "/kalender/alle.ics?fylke=46&rolle=fylke-ot&omrade=ot&omrade=inntak",
        "/kalender/alle.ics?fylke=46&rolle=fylke-ot&omrade=ot&omrade=inntak&utm_source=x&frist=",
    )
    answers = [client.get(way) for way in ways]
    assert len({answer.data for answer in answers}) == 1
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert client.get("/kalender/alle.ics?fylke=46").data == client.get("/kalender/46.ics").data


def test_two_counties_share_an_event_where_they_agree(client):
    both = events_of(client.get("/kalender/46.ics?fylke=03").data)
    assert both
    assert {uid.split("@")[0].rpartition("-")[2] for uid in both} <= {"alle", "national"}


def test_the_calendar_is_called_what_it_shows_and_names_its_own_address(client):
    calendar = icalendar.Calendar.from_ical(client.get(f"/kalender/46.ics?{CHOSEN}").data)
    assert calendar["NAME"] == calendar["X-WR-CALNAME"]
    assert calendar["NAME"].startswith("Årshjul – Vestland, Oppfølgingstjenesten")
    assert calendar["SOURCE"] == f"https://aarshjul.example/kalender/46.ics?{CHOSEN}"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("omrade=oppt", "«oppt» er ikke et område i årshjulet."),
        ("rolle=rektor", "«rektor» er ikke en målgruppe i årshjulet."),
        ("frist=stat-ssbelev-l11", "Mente du «stat-ssbelev-l1»?"),
        ("fylke=99", "«99» er ikke et fylkesnummer i årshjulet."),
        ("skolear=1999-2000", "«1999-2000» er ikke et skoleår i årshjulet."),
        ("varsel=3t", "varsel skal være fra 1d til 30d"),
        ("varsel=99d", "varsel skal være fra 1d til 30d"),
        ("&".join(f"a{k}=1" for k in range(200)), "flere enn 100 valg"),
        ("omrade=%ff%00<script>", "er ikke et område"),
    ],
)
def test_a_wrong_choice_is_told_in_words_and_never_an_empty_calendar(client, query, said):
    answer = client.get(f"/kalender/46.ics?{query}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Kalenderen finnes ikke: ")
    assert said in answer.text


def test_a_choice_that_gives_nothing_is_one_event_that_says_so(client):
    nothing = "omrade=fagopplaering&frist=stat-ssbelev-l1"
    answer = client.get(f"/kalender/46.ics?{nothing}")
    (event,) = events_of(answer.data).values()
    assert event["SUMMARY"] == "Ingen frister i denne visningen"
    assert records(client, f"/kalender/46.json?{nothing}") == []


def test_an_alarm_comes_only_to_who_asks_for_it(client):
    plain = client.get("/kalender/46.ics").data
    alarmed = client.get("/kalender/46.ics?varsel=3d").data
    assert b"VALARM" not in plain
    for event in events_of(alarmed).values():
        (alarm,) = event.walk("VALARM")
        assert alarm["TRIGGER"].to_ical() == b"-P3D"
    cut = alarmed.replace(b"\r\n ", b"")
    start = cut.index(b"BEGIN:VALARM")
    block = cut[start : cut.index(b"END:VALARM\r\n") + len(b"END:VALARM\r\n")]
    assert cut.replace(block, b"") == plain.replace(b"\r\n ", b"")


def test_the_table_has_the_rows_of_the_records_and_opens_in_a_spreadsheet(client):
    answer = client.get(f"/kalender/46.csv?{CHOSEN}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    found = records(client, f"/kalender/46.json?{CHOSEN}")
    assert [(r["due"], r["nominal"], r["name"]) for r in rows] == [
        (r["due"], r["nominal"], r["name"]) for r in found
    ]


def test_a_record_explains_its_date(client):
    found = records(client, "/kalender/46.json?frist=stat-ssbelev-l1&skolear=2026-2027")
    (record,) = found
    assert (record["nominal"], record["due"]) == ("2026-10-24", "2026-10-23")
    assert record["reference_date"] == "2026-10-01"
    assert record["date_status"] == "proposed"
    assert "fredag 23. oktober 2026" in record["explanation"]
    assert record["trace"][-1]["date"] == record["due"]
    assert record["url"].endswith("/forekomst/stat-ssbelev-l1/2026-2027/first/46")
    assert date.fromisoformat(record["due"]).weekday() == 4


def test_without_changes_the_atom_feed_is_there_and_empty(client):
    feed = ET.fromstring(client.get("/endringer.atom?fylke=46").data)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.findall("{http://www.w3.org/2005/Atom}entry") == []


# Every address, every method, every way to ask.


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_get_head_and_304_tell_the_same(client, address, encoding):
    headers = {"Accept-Encoding": encoding}
    got, head = client.get(address, headers=headers), client.head(address, headers=headers)
    assert got.status_code == head.status_code == 200
    assert got.headers["Content-Type"] == ADDRESSES[address]
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)
    assert ("Content-Encoding" in got.headers) == (encoding == "gzip")
    body = gzip.decompress(got.data) if encoding == "gzip" else got.data
    assert body == client.get(address).data
    etag = got.headers["ETag"]
    for sent in (etag, f'"other", W/{etag}', "*"):
        again = client.get(address, headers={**headers, "If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
        assert "Content-Type" not in again.headers
    assert client.get(address, headers={**headers, "If-None-Match": '"x"'}).status_code == 200
    bad_time = {**headers, "If-Modified-Since": "i går"}
    assert client.get(address, headers=bad_time).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES, "/feed/" + "x" * 43 + "/a.ics", "/kalender/tull"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND", "REPORT", "TULL"])
def test_nothing_but_reading_is_done(client, published, address, method):
    before = {path: path.stat().st_mtime_ns for path in (published / "feeds").iterdir()}
    answer = client.open(address, method=method, data=b"BEGIN:VCALENDAR")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    options = client.options(address)
    assert (options.status_code, options.data) == (204, b"")
    assert {path: path.stat().st_mtime_ns for path in (published / "feeds").iterdir()} == before


@pytest.mark.parametrize("address", [*ADDRESSES, "/kalender/tull.ics", "/feed/x/y.ics"])
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
def test_the_feeds_carry_the_same_security_headers_as_the_pages(client, address, method):
    page = client.get("/om").headers
    answer = client.open(address, method=method).headers
    assert {name: answer[name] for name in HEADERS} == {name: page[name] for name in HEADERS}
