"""The page of a file's broken rules: by rule, by school, line by line, and as a sheet."""

import re

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from jobs.imports.load import count_violations
from jobs.register.tables import Delivery, Violation, ViolationCount
from tests.web.test_pages import text_of
from web.deliveries.quality import ON_A_PAGE

PAGE = "/kvalitet/34/skole-off-telling-okt"
MANY = 130


@pytest.fixture
def many(engine):
    """The seed's three errors at one school, and many warnings at another."""
    with Session(engine) as session, session.begin():
        found = session.scalars(select(Delivery.id).where(Delivery.sender == "34")).one()
        for line in range(100, 100 + MANY):
            session.add(
                Violation(
                    delivery_id=found,
                    regel="CR-DATE-01",
                    alvor="WARN",
                    linje=line,
                    skolenummer="34002",
                    forklaring="=1+1 Datoen er etter telledatoen.",
                )
            )
        session.execute(delete(ViolationCount).where(ViolationCount.delivery_id == found))
        session.flush()
        count_violations(session.connection(), found)


def lines(page):
    """The numbers of the lines that the page shows."""
    return [
        int(number)
        for number in re.findall(r'<th scope="row" class="number"[^>]*>(\d+)</th>', page)
    ]


def test_it_names_rules_and_lines(operator):
    shown = text_of(operator, PAGE)
    assert "CR-DUP-01 Feil 3 – – Samme elevkurs flere ganger." in shown
    assert "34001 Syntetisk vgs 01, Innlandet" in shown
    assert "17 34001 CR-DUP-01 Samme elevkurs står to ganger." in shown


def test_what_a_county_broke_of_rules_is_not_for_strangers(client, county_contact):
    for address in (PAGE, f"{PAGE}/avvik.csv"):
        assert client.get(address).location == f"/logg-inn?neste={address}"
        assert county_contact.get(address).status_code == 403


@pytest.mark.usefixtures("many")
def test_a_school_shows_its_own_rules_and_lines_and_a_way_back(operator):
    page = operator.get(f"{PAGE}?skole=34001").text
    assert lines(page) == [17, 18, 40]
    assert "CR-DATE-01" not in page
    assert f'href="{PAGE}">Vis alle skoler</a>' in page
    assert 'aria-current="true">34001' in page


@pytest.mark.usefixtures("many")
def test_a_rule_shows_where_it_is_broken_and_can_be_narrowed_to_a_school(operator):
    page = operator.get(f"{PAGE}?regel=CR-DUP-01").text
    assert lines(page) == [17, 18, 40]
    assert f"{PAGE}?skole=34001&amp;regel=CR-DUP-01" in page
    assert lines(operator.get(f"{PAGE}?regel=CR-DUP-01&skole=34002").text) == []


@pytest.mark.usefixtures("many")
def test_every_line_is_on_one_of_the_pages(operator):
    first, second = (operator.get(f"{PAGE}?side={side}").text for side in (1, 2))
    assert lines(first) + lines(second) == [17, 18, 40, *range(100, 100 + MANY)]
    assert len(lines(first)) == ON_A_PAGE
    assert "Avvik 1 til 100 av 133" in first
    assert f'rel="next" href="{PAGE}?side=2"' in first
    assert f'rel="prev" href="{PAGE}?side=1"' in second
    assert 'rel="next"' not in second


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["side=99", "side=2&regel=tull&skole=99999"])
def test_a_page_that_is_not_there_is_the_last_and_an_unknown_choice_is_none(operator, query):
    assert lines(operator.get(f"{PAGE}?{query}").text) == list(range(197, 100 + MANY))


@pytest.mark.usefixtures("many")
def test_the_sheet_has_every_chosen_line_and_no_formula(operator):
    answer = operator.get(f"{PAGE}/avvik.csv?regel=CR-DATE-01")
    heading, *rows = answer.data.decode("utf-8-sig").splitlines()
    assert heading == "linje;linjetype;regel;alvor;skolenummer;felt;forklaring"
    assert len(rows) == MANY
    assert rows[0].startswith("100;;CR-DATE-01;WARN;34002;;")
    assert rows[0].endswith(";'=1+1 Datoen er etter telledatoen.")
    name = "avvik-34-skole-off-telling-okt-CR-DATE-01.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_no_file_is_told_and_no_rule_broken_as_well(operator, engine):
    assert operator.get("/kvalitet/46/skole-off-telling-okt/avvik.csv").status_code == 404
    with Session(engine) as session, session.begin():
        session.execute(delete(Violation))
        session.execute(delete(ViolationCount))
    page = operator.get(PAGE).text
    assert "Ingen regler er brutt." in page
    assert "avvik.csv" not in page
