"""The feed addresses: what every calendar program gets back, also when all else is down."""

import gzip
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

import pytest

from scheduler.feeds.store import publish_feeds
from tests.planned import settings_in
from tests.scheduler.test_feed_store import GOOD
from web import create_app

OTHER = GOOD.replace(b"En frist", b"Ny frist")


@pytest.fixture
def settings(tmp_path):
    """A site whose database nobody answers for."""
    return settings_in(tmp_path, database_url="postgresql://127.0.0.1:1/down?connect_timeout=2")


@pytest.fixture
def client(settings):
    return create_app(settings, read_steps=lambda _: []).test_client()


@pytest.fixture
def published(settings):
    publish_feeds({"46.ics": GOOD, "alle.ics": OTHER}, settings.feed_dir)
    return settings.feed_dir


@pytest.mark.parametrize(("name", "feed"), [("46.ics", GOOD), ("alle.ics", OTHER)])
def test_a_reader_gets_the_last_good_bytes(client, published, name, feed):
    answer = client.get(f"/kalender/{name}")
    assert answer.status_code == 200
    assert answer.data == feed
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert parsedate_to_datetime(answer.headers["Last-Modified"])
    assert "Content-Encoding" not in answer.headers


def test_the_file_has_a_name_that_people_can_read(client, published):
    disposition = client.get("/kalender/46.ics").headers["Content-Disposition"]
    assert disposition.startswith('inline; filename="arshjul-46.ics"; filename*=UTF-8')
    assert unquote(disposition.rpartition("''")[2]) == "Årshjul.ics"


def test_who_takes_gzip_gets_the_same_bytes_packed_under_another_etag(client, published):
    plain = client.get("/kalender/46.ics")
    packed = client.get("/kalender/46.ics", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert client.get("/kalender/46.ics", headers={"Accept-Encoding": "gzip;q=0"}).data == GOOD


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_who_has_the_bytes_gets_304_until_they_change(client, published, encoding):
    headers = {"Accept-Encoding": encoding}
    etag = client.get("/kalender/46.ics", headers=headers).headers["ETag"]
    assert not etag.startswith("W/")
    again = client.get("/kalender/46.ics", headers={**headers, "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    publish_feeds({"46.ics": OTHER}, published)
    changed = client.get("/kalender/46.ics", headers={**headers, "If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_who_knows_only_the_time_gets_304_too(client, published):
    since = client.get("/kalender/46.ics").headers["Last-Modified"]
    answer = client.get("/kalender/46.ics", headers={"If-Modified-Since": since})
    assert answer.status_code == 304


def test_head_tells_the_same_without_the_bytes(client, published):
    got, head = client.get("/kalender/46.ics"), client.head("/kalender/46.ics")
    assert head.status_code == 200
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize(
    "method",
    ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "REPORT", "MKCALENDAR", "LOCK", "TRACE", "TULL"],
)
def test_a_client_that_tries_to_write_is_told_what_is_allowed(client, published, method):
    answer = client.open("/kalender/46.ics", method=method, headers={"If-Match": "nothing"})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert (published / "46.ics").read_bytes() == GOOD


DAMAGED = {
    "cut short": GOOD[: len(GOOD) // 2],
    "emptied": b"",
    "overwritten": b"\x00" * len(GOOD),
    "another file": b"<html></html>",
}


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_damaged_file_is_never_sent_while_its_twin_is_whole(client, published, damage, encoding):
    headers = {"Accept-Encoding": encoding}
    for name in ("46.ics", "46.ics.gz"):
        publish_feeds({"46.ics": OTHER}, published)
        publish_feeds({"46.ics": GOOD}, published)
        (published / name).write_bytes(DAMAGED[damage])
        answer = client.get("/kalender/46.ics", headers=headers)
        got = gzip.decompress(answer.data) if encoding == "gzip" else answer.data
        assert (answer.status_code, got) == (200, GOOD)


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_feed_that_is_damaged_in_both_files_is_not_there(client, published, damage):
    for name in ("46.ics", "46.ics.gz"):
        (published / name).write_bytes(DAMAGED[damage])
    answer = client.get("/kalender/46.ics")
    assert answer.status_code == 404
    assert "Kalenderen finnes ikke" in answer.text


def test_a_fault_within_the_plain_file_is_not_sent_either(client, published):
    (published / "46.ics").write_bytes(GOOD.replace(b"En frist", b"E\x00 frist"))
    assert client.get("/kalender/46.ics").data == GOOD


def test_a_feed_whose_plain_file_is_gone_comes_from_its_twin(client, published):
    (published / "46.ics").unlink()
    assert client.get("/kalender/46.ics").data == GOOD


def test_options_is_answered_without_a_body(client, published):
    answer = client.options("/kalender/46.ics")
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "name", ["99.ics", "46", "46.ics.gz", "ALLE.ics", "../settings.py", "46.ics/", "%2e%2e/x.ics"]
)
def test_an_unknown_address_gets_words_and_never_a_page(client, published, name):
    answer = client.get(f"/kalender/{name}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Kalenderen finnes ikke" in answer.text


def test_before_the_first_feed_the_answer_is_404_and_not_a_fault(client):
    assert client.get("/kalender/alle.ics").status_code == 404


def test_a_database_that_is_down_does_not_touch_the_feed(client, published):
    assert client.get("/tavle").status_code == 503
    assert client.get("/kalender/46.ics").status_code == 200


def test_the_header_accept_is_not_asked_for(client, published):
    for accept in ("", "text/html", "application/json"):
        answer = client.get("/kalender/46.ics", headers={"Accept": accept})
        assert answer.headers["Content-Type"].startswith("text/calendar")
