"""A new row of the calendar: from help or a copy, past a second person, into its place in the file."""

import html
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.roles import Role
from scheduler.ledger.tables import ChangeRow, OccurrenceRow
from scheduler.publishing.tables import ProposalRow
from scheduler.settings import Settings
from tests.planned import calendar_in
from tests.scheduler.calendar.filled import filled
from tests.web import changed, seed
from tests.web.people import signed_in
from tests.web.proposing import CALENDAR, PAGE, ROW, in_use, publish, told

NEW = "skole-ny"
KEY = f"{NEW}/{seed.CYCLE}/only/46"


@pytest.fixture
def config(tmp_path) -> Settings:
    """A site with a calendar.yaml of its own, that it may write."""
    return Settings(data_dir=tmp_path, calendar=calendar_in(tmp_path, CALENDAR))


def block_in(page):
    """The lines in a page's editor."""
    return html.unescape(re.search(r"(?s)<textarea[^>]*>\n(.*?)</textarea>", page.text)[1])


def propose(client, engine, block=None, **more):
    """Propose a block, or the one of the page of the area of schools, filled in."""
    block = block or filled(block_in(client.get(f"{PAGE}/ny?omrade=skole")))
    fields = {"blokk": block.replace("\n", "\r\n"), "over": in_use(engine).number, "etter": ""}
    return client.post(f"{PAGE}/ny", data={**fields, "grunn": "Nytt krav fra Udir.", **more})


def test_an_empty_row_has_help_and_is_of_the_area_that_was_chosen(first):
    page = first.get(f"{PAGE}/ny?omrade=ot")
    assert page.status_code == 200
    block = block_in(page)
    assert "areas: [ot]" in block
    assert "#: Navnet folk ser." in block
    assert block_in(first.get(f"{PAGE}/ny?omrade=finnes-ikke")).count("areas: [inntak]") == 1


def test_it_is_proposed_and_published_and_stands_with_its_like(engine, config, first, second):
    assert propose(first, engine).status_code == 303
    page = second.get(f"{PAGE}/forslag/1").text
    for words in (
        "Ny levering om våren",
        "To frister kommer til, 15 fylker berøres.",
        "20.04.2027",
        "15 varsler",
    ):
        assert words in page, words
    assert f"/frist/{NEW}" not in page, "det har ingen side ennå"
    answer = publish(second, engine)
    assert answer.status_code == 303, told(answer)
    text = config.calendar.read_text(encoding="utf-8")
    assert text == in_use(engine).text
    before, _, rest = text.partition(f"\n  {NEW}:\n")
    assert before + rest[rest.index("om våren.\n") :].partition("\n")[2] == CALENDAR
    assert "#:" not in text
    with Session(engine) as session:
        assert str(session.get_one(OccurrenceRow, KEY).due) == "2027-04-20"
        kinds = session.scalars(select(ChangeRow.kind).where(ChangeRow.version == 2)).all()
        assert set(kinds) == {"added"}
    assert second.get(f"/frist/{NEW}").status_code == 200
    assert "Foreslå det som sto før" not in second.get(f"{PAGE}/forslag/1").text
    assert "Hent det som sto før" not in second.get(f"{PAGE}/rad/{NEW}").text


def test_a_copy_stands_below_the_row_it_is_of(engine, config, first, second):
    page = first.get(f"{PAGE}/ny?kopi={ROW}")
    block, after = block_in(page), re.search(r'name="etter" value="([^"]*)"', page.text)[1]
    assert after == ROW
    assert block.startswith("  ny-frist:\n")
    refused = propose(first, engine, block, etter=after)
    assert "et eget navn i stedet for «ny-frist»" in refused.text
    assert f'name="etter" value="{ROW}"' in refused.text
    block = block.replace("ny-frist", NEW)
    assert propose(first, engine, block, etter=after).status_code == 303
    assert publish(second, engine).status_code == 303
    rows = re.findall(r"(?m)^  ([a-z0-9-]+):$", config.calendar.read_text(encoding="utf-8"))
    assert rows[rows.index(NEW) - 1] == ROW


def test_what_is_wrong_is_said_with_its_line_and_the_text_stays(engine, first):
    block = filled(block_in(first.get(f"{PAGE}/ny?omrade=skole")))
    wrong = block.replace("kind: import", "kind: innporter")
    answer = propose(first, engine, wrong)
    line = wrong.split("\n").index("    kind: innporter") + 1
    assert answer.status_code == 422
    assert f"Linje {line} her, «kind: innporter»" in answer.text
    assert block_in(answer).replace("\r\n", "\n") == wrong
    with Session(engine) as session:
        assert session.scalars(select(ProposalRow)).all() == []


def test_what_is_no_part_of_the_row_is_refused(engine, first):
    block = filled(block_in(first.get(f"{PAGE}/ny?omrade=skole"))) + "\nlast: [a]"
    answer = propose(first, engine, block)
    assert answer.status_code == 422
    assert "«last: [a]»" in answer.text


def test_one_that_is_stale_is_written_anew_from_what_it_said(engine, first, second):
    propose(first, engine)
    changed.edit(engine, "# Årshjulet: hver frist", "# Årshjulet: kvar frist")
    page = second.get(f"{PAGE}/forslag/1").text
    assert "bygger på versjon 1, og versjon 2 er i bruk" in page
    assert f'href="{PAGE}/ny?forslag=1"' in page
    anew = first.get(f"{PAGE}/ny?forslag=1")
    assert "name: Ny levering om våren" in block_in(anew)
    after = re.search(r'name="etter" value="([^"]*)"', anew.text)[1]
    assert propose(first, engine, block_in(anew), etter=after).status_code == 303
    assert publish(second, engine, 2).status_code == 303
    assert NEW in in_use(engine).text


def test_a_form_from_an_older_version_keeps_its_text_and_can_be_sent_again(engine, first):
    over = in_use(engine).number
    changed.edit(engine, "# Årshjulet: hver frist", "# Årshjulet: kvar frist")
    answer = propose(first, engine, over=over)
    assert answer.status_code == 422
    assert "Versjon 2 ble publisert mens du skrev" in answer.text
    assert "Den rørte ikke det du skriver om" in answer.text
    assert propose(first, engine, block_in(answer), over=2).status_code == 303


def test_its_name_stands_in_the_lists_while_it_waits_and_when_it_is_taken_back(engine, first):
    propose(first, engine)
    assert "Forslag 1</a> om det samme" not in first.get(f"{PAGE}/ny").text
    first.post(f"{PAGE}/forslag/1", data={"gjerning": "trekk", "grunn": "Feil dag"})
    assert "Ny levering om våren" in first.get(f"{PAGE}/forslag/1").text
    assert NEW in first.get(PAGE).text


def test_a_copy_of_what_is_not_there_is_not_found(first):
    assert first.get(f"{PAGE}/ny?kopi=finnes-ikke").status_code == 404


def test_only_an_administrator_writes_one(app, engine):
    client = signed_in(app.test_client(), engine, Role.COORDINATOR)
    assert client.get(f"{PAGE}/ny").status_code == 403
    assert f'href="{PAGE}/ny' not in client.get(PAGE).text
