"""Four calendar programs that others wrote read the feed, and agree with the ledger."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.request import urlopen

import icalendar
import pytest
import recurring_ical_events

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
FEEDS = ("46.ics", "alle.ics", "46.ics?omrade=inntak")

VDIRSYNCER = """
[general]
status_path = "{home}/status"
[pair aarshjul]
a = "folder"
b = "site"
collections = null
[storage folder]
type = "filesystem"
path = "{home}/calendar"
fileext = ".ics"
[storage site]
type = "http"
url = "{url}"
"""
KHAL = """
[calendars]
[[aarshjul]]
path = {home}/calendar
readonly = True
[locale]
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
timeformat = %H:%M
local_timezone = Europe/Oslo
default_timezone = Europe/Oslo
[sqlite]
path = {home}/khal.db
"""


class Home:
    """A home folder of its own for programs that keep files there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "calendar").mkdir()

    def write(self, name: str, text: str, **places: str) -> str:
        path = self.folder / name
        path.write_text(text.format(home=self.folder, **places))
        return str(path)

    def run(self, program: str, *arguments: str) -> str:
        environment = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        done = subprocess.run(
            [BIN / program, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def synchronise(self, url: str) -> None:
        config = self.write("vdirsyncer.ini", VDIRSYNCER, url=url)
        self.run("vdirsyncer", "-c", config, "discover", "aarshjul")
        self.run("vdirsyncer", "-c", config, "sync")

    def events(self) -> list[icalendar.Event]:
        files = sorted((self.folder / "calendar").glob("*.ics"))
        return [icalendar.Calendar.from_ical(file.read_bytes()).events[0] for file in files]


@pytest.fixture(scope="module", params=FEEDS)
def synchronised(request, served, tmp_path_factory) -> tuple[str, Home]:
    """A feed's name, and a home folder to which vdirsyncer has brought it."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.synchronise(f"{served.url}/{request.param}")
    return request.param, home


def fetch(url: str) -> bytes:
    with urlopen(url) as answer:
        return answer.read()


def test_vdirsyncer_brings_home_what_the_ledger_holds(served, synchronised):
    feed, home = synchronised
    events = home.events()
    assert Counter((e.start, str(e["SUMMARY"])) for e in events) == served.agendas[feed]


def test_khal_lists_what_the_ledger_holds(served, synchronised):
    feed, home = synchronised
    config = home.write("khal.conf", KHAL)
    fields = ("start-date", "title", "status", "all-day")
    as_json = [part for field in fields for part in ("--json", field)]
    told = home.run("khal", "-c", config, "list", *as_json, "2026-08-01", "2028-08-01")
    events = [event for line in told.splitlines() for event in json.loads(line)]
    listed = Counter((date.fromisoformat(e["start-date"]), e["title"]) for e in events)
    assert listed == served.agendas[feed]
    assert {event["all-day"] for event in events} == {"True"}
    called_off = {event["title"] for event in events if "CANCELLED" in event["status"]}
    assert called_off == {title for _, title in served.agendas[feed] if title.startswith("Avlyst")}


@pytest.mark.parametrize("feed", FEEDS)
def test_ical_js_reads_what_the_ledger_holds(served, feed):
    content = fetch(f"{served.url}/{feed}")
    command = [BIN / "node", HERE / "read_feed.mjs"]
    told = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    events = json.loads(told)
    read = Counter((date.fromisoformat(e["day"]), e["title"]) for e in events)
    assert read == served.agendas[feed]
    assert all(event["wholeDay"] and event["days"] == 1 for event in events)
    ours = {
        str(e["UID"]): str(e["DESCRIPTION"]) for e in icalendar.Calendar.from_ical(content).events
    }
    assert {event["uid"]: event["description"] for event in events} == ours


@pytest.mark.parametrize("feed", FEEDS)
def test_recurring_ical_events_finds_what_the_ledger_holds(served, feed):
    calendar = icalendar.Calendar.from_ical(fetch(f"{served.url}/{feed}"))
    found = recurring_ical_events.of(calendar).between(
        datetime(2026, 8, 1, tzinfo=UTC), datetime(2028, 8, 1, tzinfo=UTC)
    )
    assert Counter((e.start, str(e["SUMMARY"])) for e in found) == served.agendas[feed]
