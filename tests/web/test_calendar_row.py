"""A row of the calendar is changed line by line or with a form, and what is wrong is said."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.block import block_of
from scheduler.ledger.read import version_in_use
from scheduler.ledger.tables import OccurrenceRow
from scheduler.publishing.tables import ProposalRow
from scheduler.settings import Settings
from tests.planned import calendar_in
from tests.web import changed, seed
from tests.web.proposing import CALENDAR, OLD, PAGE, ROW, in_use, proposal, propose, publish, told


@pytest.fixture
def config(tmp_path) -> Settings:
    """A site with a calendar.yaml of its own, that it may write."""
    return Settings(data_dir=tmp_path, calendar=calendar_in(tmp_path, CALENDAR))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (OLD, "due: {date: 31. februar,", "Linje 9 her, «due: {date: 31. februar, shift"),
        ("kind: import", "kind: innporter", "«innporter» kan ikke brukes her"),
        (f"  {ROW}:", "  et-annet-navn:", "må beholde navnet sitt"),
        ("privatisteksamener.", "privatisteksamener.\n  stat-ssbelev-l1: {}", "står to ganger"),
        ("    name: ", "\tname: ", "tabulator"),
        (OLD, OLD, "Raden er som før"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_its_remedy(engine, first, old, new, said):
    answer = propose(first, engine, old, new)
    assert answer.status_code == 422
    assert said in answer.text
    with Session(engine) as session:
        assert session.scalars(select(ProposalRow)).all() == []


def move(client, engine, row=ROW, **more):
    fields = {
        "over": in_use(engine).number,
        "skolear": seed.CYCLE,
        "dato": "2027-02-10",
        "fylke": ["46"],
        "besluttet": 'Udir, "seksjon 1"',
        "merke": "P",
        "grunn": "Kontoret: flytter #1",
    }
    return client.post(f"{PAGE}/rad/{row}/flytt", data={**fields, **more})


def test_one_year_and_county_is_moved_with_a_form(engine, config, first, second):
    assert move(first, engine).status_code == 303
    page = second.get(f"{PAGE}/forslag/1").text
    assert "Én frist flyttes, ett fylke berøres." in page
    answer = publish(second, engine)
    assert answer.status_code == 303, told(answer)
    with Session(engine) as session:
        moved = session.get_one(OccurrenceRow, changed.moved_key("46"))
        other = session.get_one(OccurrenceRow, changed.moved_key("34"))
        assert (str(moved.due), str(other.due)) == ("2027-02-10", "2027-02-15")
        assert "Kontoret: flytter #1" in str(moved.trace)
        assert config.calendar.read_text(encoding="utf-8") == version_in_use(session)
    move(first, engine, dato="2027-02-09", fylke=["34"])
    block = block_of(proposal(engine, 2).text, ROW).text
    assert block.count("overrides:") == 1
    assert block.count("- school_year:") == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"dato": "i morgen"}, "Velg den nye dagen"),
        ({"skolear": "2019-2020\n    job: x"}, "Velg skoleåret"),
        ({"fylke": ["99"]}, "Velg skoleåret, og fylker"),
        ({"merke": "X"}, "Velg hvordan vi vet det"),
        ({"merke": ""}, "Velg hvordan vi vet det"),
        ({"besluttet": "to\nlinjer"}, "Fyll ut alle feltene"),
        ({"dato": "2028-02-10"}, "skoleåret sitt"),
    ],
)
def test_a_move_that_cannot_be_is_said(engine, first, more, said):
    answer = move(first, engine, **more)
    assert answer.status_code == 422
    assert said in answer.text
