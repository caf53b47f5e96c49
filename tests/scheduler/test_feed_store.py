"""The feed store: a bad feed never replaces a good one, and no reader meets half a file."""

import gzip
import re

import pytest

from scheduler.feeds.store import FeedFault, faults_of, publish_feeds

GOOD = (
    (
        """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//Test//NO
NAME:Årshjul
BEGIN:VEVENT
UID:en
DTSTAMP:20260801T000000Z
DTSTART;VALUE=DATE:20261101
SEQUENCE:0
SUMMARY:En frist – ærlig talt\\, ganske lang\\; den går over flere linj
 er enn én 🎉
END:VEVENT
END:VCALENDAR
"""
    )
    .replace("\n", "\r\n")
    .encode()
)


def test_a_good_feed_has_no_faults():
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "starter ikke med BEGIN:VCALENDAR"),
        (b"END:VCALENDAR\r\n", b"", "er avkortet"),
        (b"UID:en\r\n", b"UID:en\n", "har linjeskift som ikke er CRLF"),
        (b"SUMMARY:", b"SUMMARY:" + b"x" * 70, "har linjer over 75 oktetter"),
        (b"linj\r\n er", b"linj", "har linjer over 75 oktetter"),
        ("🎉".encode(), "🎉".encode()[:3], "har en linje som ikke er UTF-8"),
        (b"END:VEVENT\r\n", b"", "har BEGIN og END som ikke passer sammen"),
        (b"VERSION:2.0\r\n", b"", "har VCALENDAR uten nøyaktig én VERSION"),
        (b"PRODID:-//Test//Test//NO\r\n", b"", "har VCALENDAR uten nøyaktig én PRODID"),
        (b"UID:en\r\n", b"", "har VEVENT uten nøyaktig én UID"),
        (
            b"SEQUENCE:0\r\n",
            b"SEQUENCE:0\r\nSEQUENCE:1\r\n",
            "har VEVENT uten nøyaktig én SEQUENCE",
        ),
        (b"UID:en\r\n", b"UID:en\r\nbare ord\r\n", "har en linje som ikke er navn og verdi"),
    ],
)
def test_each_fault_is_found(old: bytes, new: bytes, fault: str):
    assert GOOD.count(old) >= 1
    assert fault in faults_of(GOOD.replace(old, new, 1))


def test_a_feed_without_events_is_faulty():
    emptied = re.sub(rb"BEGIN:VEVENT.*END:VEVENT\r\n", b"", GOOD, flags=re.DOTALL)
    assert "har ingen hendelser" in faults_of(emptied)


def test_two_events_with_one_uid_are_faulty():
    event = re.search(rb"BEGIN:VEVENT.*END:VEVENT\r\n", GOOD, flags=re.DOTALL)[0]
    assert "har samme UID to ganger" in faults_of(GOOD.replace(event, event * 2))


@pytest.mark.parametrize("content", [b"", b"<!doctype html><title>Logg inn</title>"])
def test_what_is_no_calendar_is_faulty(content: bytes):
    assert faults_of(content)


def test_publishing_writes_the_feed_and_its_compressed_form(tmp_path):
    assert publish_feeds({"46.ics": GOOD}, tmp_path / "feeds") == ("46.ics",)
    assert (tmp_path / "feeds/46.ics").read_bytes() == GOOD
    assert gzip.decompress((tmp_path / "feeds/46.ics.gz").read_bytes()) == GOOD


def test_unchanged_bytes_leave_the_files_untouched(tmp_path):
    publish_feeds({"46.ics": GOOD}, tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.iterdir()}
    assert publish_feeds({"46.ics": GOOD}, tmp_path) == ()
    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == before


def test_the_compressed_bytes_are_the_same_every_time(tmp_path):
    publish_feeds({"46.ics": GOOD}, tmp_path / "a")
    publish_feeds({"46.ics": GOOD}, tmp_path / "b")
    assert (tmp_path / "a/46.ics.gz").read_bytes() == (tmp_path / "b/46.ics.gz").read_bytes()


def test_a_bad_feed_never_replaces_a_good_one_and_stops_no_other(tmp_path):
    publish_feeds({"03.ics": GOOD, "46.ics": GOOD}, tmp_path)
    newer = GOOD.replace(b"En frist", b"Ny frist")
    with pytest.raises(FeedFault, match=r"46\.ics: er avkortet"):
        publish_feeds({"46.ics": newer[:-20], "03.ics": newer}, tmp_path)
    assert (tmp_path / "46.ics").read_bytes() == GOOD
    assert (tmp_path / "03.ics").read_bytes() == newer


def test_a_write_that_fails_leaves_the_old_feed_and_no_litter(tmp_path):
    publish_feeds({"46.ics": GOOD}, tmp_path)
    files = sorted(tmp_path.iterdir())
    (tmp_path / "46.ics.gz").unlink()
    (tmp_path / "46.ics.gz").mkdir()  # a rename over a folder fails, like a full disk would
    with pytest.raises(OSError, match=r"46\.ics\.gz"):
        publish_feeds({"46.ics": GOOD.replace(b"En", b"Ny")}, tmp_path)
    assert (tmp_path / "46.ics").read_bytes() == GOOD
    assert sorted(tmp_path.iterdir()) == files
