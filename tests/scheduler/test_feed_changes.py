"""endringer.atom: what moved, came and went, for those it concerns."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from scheduler.feeds.library import Form, Library, Wanted
from scheduler.feeds.selection import Selection
from scheduler.feeds.store import publish_feeds
from tests.planned import CALENDAR, NOW, in_row, plan_and_build, settings_in
from tests.published import copied, ledger_in

ATOM = "{http://www.w3.org/2005/Atom}"
ROW, ALONE = "stat-ssbelev-l1", "inn-2inntak"
DUE = "due: {date: 24. oktober, shift: preceding}"
MOVED = in_row(CALENDAR, ROW, DUE, DUE.replace("24", "22"))
GONE = re.sub(rf"\n  {ALONE}:\n.*?\n\n", "\n", MOVED, count=1, flags=re.DOTALL)
AWKWARD = "name: 'Andreinntak <b> & \"å\"'"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    ledger_in(folder).dispose()
    return folder


@pytest.fixture
def publish(published, tmp_path):
    engine, settings, day = copied(published, tmp_path), settings_in(tmp_path), [0]

    def then(text):
        day[0] += 1
        made = plan_and_build(engine, settings, text, NOW + timedelta(days=day[0]))
        publish_feeds(made, settings.feed_dir)

    yield then
    engine.dispose()


def feed(folder, **chosen):
    wanted = Wanted(Form.CHANGES, Selection.of(chosen))
    return ET.fromstring(Library(settings_in(folder).feed_dir).document(wanted).plain)


def entries(folder, **chosen):
    return [
        {part.tag.removeprefix(ATOM): part.text or part.get("href") for part in entry}
        for entry in feed(folder, **chosen).findall(f"{ATOM}entry")
    ]


def test_the_first_plan_of_a_year_is_no_news(publish, tmp_path):
    assert entries(tmp_path) == []


def test_a_moved_deadline_is_told_with_both_dates(publish, tmp_path):
    publish(MOVED)
    this_year = entries(tmp_path, fylke=["46"], skolear=["2026-2027"], frist=[ROW])
    assert len(this_year) == 1
    entry = this_year[0]
    assert entry["title"].startswith("Flyttet: ssbElev pr. 01.10, 1. levering")
    assert entry["title"].endswith("(23.10.2026 → 22.10.2026)")
    assert "Før: 24. oktober (lørdag) → fredag 23. oktober 2026" in entry["summary"]
    assert "Nå: torsdag 22. oktober 2026" in entry["summary"]
    assert "(foreslått dato)" in entry["summary"]
    assert "Gjelder Vestland." in entry["summary"]
    assert entry["link"] == f"https://aarshjul.example/forekomst/{ROW}/2026-2027/first/46"


def test_counties_that_agree_are_one_entry_in_the_feed_for_all(publish, tmp_path):
    publish(MOVED)
    shared = entries(tmp_path, skolear=["2026-2027"], frist=[ROW])
    assert len(shared) == 1
    assert "Gjelder alle fylker." in shared[0]["summary"]


def test_the_newest_comes_first_and_an_old_entry_never_changes(publish, tmp_path):
    publish(MOVED)
    before = entries(tmp_path)
    publish(GONE)
    after = entries(tmp_path)
    assert after[-len(before) :] == before
    assert {entry["title"].split(":")[0] for entry in after[: -len(before)]} == {"Trukket tilbake"}
    assert "Nå: trukket tilbake" in after[0]["summary"]
    assert after == sorted(after, key=lambda entry: entry["updated"], reverse=True)
    assert len({entry["id"] for entry in after}) == len(after)


def test_a_choice_of_area_and_row_holds_here_too(publish, tmp_path):
    publish(GONE)
    assert {e["title"].split(":")[0] for e in entries(tmp_path, frist=[ALONE])} == {
        "Trukket tilbake"
    }
    assert entries(tmp_path, omrade=["ot"]) == []
    assert len(entries(tmp_path, omrade=["inntak"])) > 0


def test_it_is_atom_as_the_standard_has_it(publish, tmp_path):
    publish(in_row(MOVED, ALONE, "name: Andreinntak", AWKWARD))
    found = feed(tmp_path, fylke=["46"], omrade=["inntak"])
    instant = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    for element in (found, *found.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert element.findtext(f"{ATOM}id").startswith("tag:aarshjul,2026:endring")
        assert instant.fullmatch(element.findtext(f"{ATOM}updated"))
    assert found.find(f"{ATOM}author/{ATOM}name").text
    links = {link.get("rel"): link.get("href") for link in found.findall(f"{ATOM}link")}
    assert links["self"] == "https://aarshjul.example/endringer.atom?fylke=46&omrade=inntak"
    titles = [entry.findtext(f"{ATOM}title") for entry in found.findall(f"{ATOM}entry")]
    assert any('Andreinntak <b> & "å"' in title for title in titles)


def test_new_words_are_named(publish, tmp_path):
    publish(in_row(CALENDAR, ROW, "name: ssbElev pr. 01.10", "name: ssbElev per 1. oktober"))
    [entry] = entries(tmp_path, fylke=["46"], skolear=["2026-2027"], frist=[ROW])
    assert entry["title"].startswith("Ny tekst: ssbElev per 1. oktober")
    assert "\nNytt: navnet.\n" in entry["summary"]


def test_a_moved_deadline_with_the_same_words_names_none(publish, tmp_path):
    publish(MOVED)
    [entry] = entries(tmp_path, fylke=["46"], skolear=["2026-2027"], frist=[ROW])
    assert "Nytt:" not in entry["summary"]
