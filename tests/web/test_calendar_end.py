"""A row ends as one that is kept and not in use, and what was changed can be proposed changed back."""

import html
import re

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.tables import OccurrenceRow
from scheduler.settings import Settings
from tests.planned import calendar_in
from tests.web import changed, seed
from tests.web.proposing import (
    CALENDAR,
    NEW,
    OLD,
    PAGE,
    ROW,
    in_use,
    proposal,
    propose,
    publish,
    told,
)

DONE = "skole-off-telling-okt"


@pytest.fixture
def config(tmp_path) -> Settings:
    """A site with a calendar.yaml of its own, that it may write."""
    return Settings(data_dir=tmp_path, calendar=calendar_in(tmp_path, CALENDAR))


def end(client, engine, row=ROW):
    fields = {"over": in_use(engine).number, "grunn": "Leveringen er avviklet."}
    return client.post(f"{PAGE}/rad/{row}/avslutt", data=fields)


def outcome(engine, key):
    with Session(engine) as session:
        return session.get_one(OccurrenceRow, key).outcome


def test_a_row_ends_after_its_effect_was_seen_and_stays_in_the_file(engine, config, first, second):
    answer = end(first, engine)
    assert answer.status_code == 303, told(answer)
    page = second.get(f"{PAGE}/forslag/1").text
    for words in ("To frister trekkes tilbake, 15 fylker berøres.", "Beholdes", "15.02.2027"):
        assert words in page, words
    assert publish(second, engine).status_code == 303
    text = config.calendar.read_text(encoding="utf-8")
    assert text.replace('    activity: "no"\n', "") == CALENDAR.replace('    activity: "no"\n', "")
    assert text.count('activity: "no"') == CALENDAR.count('activity: "no"') + 1
    assert outcome(engine, changed.moved_key("46")) == "withdrawn"
    page = first.get(f"{PAGE}/rad/{ROW}").text
    assert "Fristen er ikke i bruk" in page
    assert f"/rad/{ROW}/avslutt" not in page
    assert "ikke i bruk" in first.get(PAGE).text


def test_what_is_done_is_kept_and_counted(engine, first, second):
    done = f"{DONE}/{seed.CYCLE}/only/46"
    assert outcome(engine, done) == "done"
    end(first, engine, DONE)
    page = second.get(f"{PAGE}/forslag/1").text
    kept = int(re.search(r"(\d+) frister? som er gjort, blir stående", page)[1])
    with Session(engine) as session:
        rows = session.query(OccurrenceRow).filter_by(deliverable=DONE).all()
    assert kept == sum(row.outcome not in (None, "withdrawn") for row in rows) > 0
    assert publish(second, engine).status_code == 303
    assert outcome(engine, done) == "done"


def test_it_comes_back_by_what_stood_before(engine, config, first, second):
    end(first, engine)
    publish(second, engine)
    link = f"{PAGE}/rad/{ROW}?versjon=1"
    assert f'href="{link}"' in first.get(f"{PAGE}/forslag/1").text
    assert f'href="{link}"' in first.get(f"{PAGE}/rad/{ROW}").text
    page = first.get(link).text
    assert "Her står det slik det var i versjon 1." in page
    block = html.unescape(re.search(r"(?s)<textarea[^>]*>\n(.*?)</textarea>", page)[1])
    fields = {"blokk": block, "over": 2, "grunn": "Den trengs likevel."}
    assert first.post(f"{PAGE}/rad/{ROW}", data=fields).status_code == 303
    assert "gjeninnføres" in second.get(f"{PAGE}/forslag/2").text
    assert publish(second, engine, 2).status_code == 303
    assert config.calendar.read_text(encoding="utf-8") == CALENDAR
    assert outcome(engine, changed.moved_key("46")) is None


def test_also_what_was_published_from_the_file_can_be_proposed_back(engine, first):
    changed.move(engine)
    page = first.get(f"{PAGE}/rad/{ROW}").text
    assert f'href="{PAGE}/rad/{ROW}?versjon=1"' in page
    assert OLD in html.unescape(first.get(f"{PAGE}/rad/{ROW}?versjon=1").text)
    assert NEW in html.unescape(first.get(f"{PAGE}/rad/{ROW}").text)


@pytest.mark.parametrize("query", ["versjon=99", "versjon=-1", "versjon=9999999999", "forslag=x"])
def test_a_version_that_is_not_there_gives_the_one_in_use(first, query):
    page = first.get(f"{PAGE}/rad/{ROW}?{query}")
    assert page.status_code == 200
    assert OLD in html.unescape(page.text)


def test_whoever_proposes_sees_that_something_waits_already(engine, first, second):
    propose(first, engine)
    assert "om det samme venter på godkjenning" in second.get(f"{PAGE}/rad/{ROW}").text
    assert "om det samme venter" not in second.get(f"{PAGE}/rad/{DONE}").text
    first.post(f"{PAGE}/forslag/1", data={"gjerning": "trekk", "grunn": "Feil dag"})
    assert "om det samme venter" not in second.get(f"{PAGE}/rad/{ROW}").text


def test_what_another_changed_in_the_same_row_meanwhile_is_shown(engine, first):
    over = in_use(engine).number
    changed.edit(engine, OLD, NEW)
    answer = propose(first, engine, NEW, "due: {date: 12. februar,", over=over)
    assert answer.status_code == 422
    assert "Versjon 2 ble publisert mens du skrev" in answer.text
    assert "Den endret også det du skriver om" in answer.text
    assert answer.text.count('class="added"') == answer.text.count('class="removed"') == 1
    assert "12. februar" in answer.text


def test_what_another_changed_elsewhere_meanwhile_is_no_hindrance(engine, first):
    over = in_use(engine).number
    changed.edit(engine, "# Årshjulet: hver frist", "# Årshjulet: kvar frist")
    answer = propose(first, engine, over=over)
    assert "Den rørte ikke det du skriver om" in answer.text
    assert propose(first, engine).status_code == 303
    assert proposal(engine).base == 2
