"""The sections beside the rows are changed as a row is: the same lines, faults, effect and second person."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.roles import Role
from scheduler.calendar import parse_calendar
from scheduler.calendar.block import block_of
from scheduler.calendar.sections import SECTIONS
from scheduler.publishing.tables import ProposalRow
from scheduler.settings import Settings
from tests.planned import calendar_in
from tests.web.people import signed_in
from tests.web.proposing import CALENDAR, PAGE, in_use, publish, told


@pytest.fixture
def config(tmp_path) -> Settings:
    """A site with a calendar.yaml of its own, that it may write."""
    return Settings(data_dir=tmp_path, calendar=calendar_in(tmp_path, CALENDAR))


def propose(client, engine, section, old, new):
    version = in_use(engine)
    block = block_of(version.text, f"{section}:").text
    assert old in block
    fields = {"blokk": block.replace(old, new), "over": version.number, "grunn": "Udir ba om det."}
    return client.post(f"{PAGE}/del/{section}", data=fields)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_its_lines_and_its_fields(first, section):
    page = first.get(f"{PAGE}/del/{section}")
    assert page.status_code == 200
    assert f"{section}:\n" in page.text
    assert f'href="{PAGE}/del/{section}"' in first.get(PAGE).text


def test_a_party_gets_another_name_and_comments_stay(engine, config, first, second):
    answer = propose(first, engine, "parties", "{name: Grep}", "{name: Grep hos Udir}")
    assert answer.status_code == 303, told(answer)
    page = second.get(f"{PAGE}/forslag/1").text
    assert "De som leverer og mottar" in page
    assert "får ny tekst" in page
    assert "De som leverer og mottar" in second.get("/drift").text
    assert publish(second, engine).status_code == 303
    text = config.calendar.read_text(encoding="utf-8")
    assert text == CALENDAR.replace("{name: Grep}", "{name: Grep hos Udir}")
    assert text == in_use(engine).text


def test_a_new_area_can_have_its_first_row(engine, first, second):
    last = "  kodeverk: {name: Kodeverk}"
    propose(first, engine, "areas", last, f"{last}\n  prove: {{name: Prøver}}")
    assert "Ingen frist får ny dato eller ny tekst." in second.get(f"{PAGE}/forslag/1").text
    assert publish(second, engine).status_code == 303
    assert parse_calendar(in_use(engine).text, "calendar.yaml").areas["prove"].name == "Prøver"
    assert f'href="{PAGE}/ny?omrade=prove"' in first.get(PAGE).text


@pytest.mark.parametrize(
    ("section", "old", "new", "said"),
    [
        ("areas", "  ot: {name: Oppfølgingstjenesten (OT)}\n", "", "«ot» er ikke et område"),
        ("areas", "name: Skole}", "navn: Skole}", "Linje 3 her, «skole: {navn: Skole}»"),
        ("areas", "areas:", "annet:", "ikke et felt"),
        ("parties", "at_once: 2", "at_once: 99", "høyst 8"),
        ("areas", "Skole", "Skole", "Delen er som før"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(engine, first, section, old, new, said):
    answer = propose(first, engine, section, old, new)
    assert answer.status_code == 422
    assert said in answer.text
    with Session(engine) as session:
        assert session.scalars(select(ProposalRow)).all() == []


def test_what_still_refers_to_it_is_named_where_it_stands(engine, first):
    answer = propose(first, engine, "areas", "  voksen: {name: Voksenopplæring}\n", "")
    assert "i calendar.yaml, «areas: [voksen" in answer.text


@pytest.mark.parametrize("section", ["version", "deliverables", "finnes-ikke"])
def test_what_is_no_section_is_not_found(first, section):
    assert first.get(f"{PAGE}/del/{section}").status_code == 404
    assert first.post(f"{PAGE}/del/{section}", data={"grunn": "x"}).status_code == 404


def test_the_coordinator_looks_and_changes_nothing(app, engine):
    client = signed_in(app.test_client(), engine, Role.COORDINATOR)
    page = client.get(f"{PAGE}/del/areas")
    assert page.status_code == 200
    assert 'method="post"' not in page.text
