"""The page of the follow-up service: counts alone, and none so small that it tells of somebody."""

import pytest
from sqlalchemy.orm import Session

from jobs.ot.overview import shown
from jobs.register.followup import OtHendelse, OtLinje, OtUtelatt
from jobs.register.schools import sync_schools
from tests.jobs.ot.people import put
from tests.web.seed import NOW
from tests.web.test_pages import text_of

LINE = {"opprettet_at": NOW}


@pytest.fixture
def registered(engine):
    """Eight registered in Vestland, six with a reason and two with another; seven left out."""
    with Session(engine) as session, session.begin():
        sync_schools(session)
        for place in range(8):
            code = "OSON" if place < 6 else "OESL"
            person = put(
                session, linje_i_ot={**LINE, "tilmeldingskode": code}, navn="Prøve, Skjult"
            )
            line = session.query(OtLinje).filter_by(person_id=person).one()
            happened = {
                "slag": "T",
                "otstatus": "OTUK",
                "tilmeldingskode": code,
                "otenhet": "46201",
            }
            told = {"kilde": "jobb", "aktor": "prøve", "bevis": {}}
            session.add(
                OtHendelse(linje_id=line.id, gjelder=NOW.date(), at=NOW, **happened, **told)
            )
        for _ in range(7):
            out = {"skolear": "20262027", "fylkesnummer": "46", "kategori": "sokere"}
            why = {"regel": "R1", "regler": ["R1"], "port": "G6", "setning": "…", "skjermet": False}
            session.add(OtUtelatt(person_id=put(session), run_id="prøve", **out, **why))


@pytest.mark.usefixtures("registered")
def test_the_page_counts_and_hides_what_is_small(operator):
    page = text_of(operator, "/ot?fylke=46&skolear=2026-2027")
    assert "I målgruppen i dag: 8 ." in page
    assert "8 har stått som OTUK" in page
    explained = operator.get("/ot?fylke=46&skolear=2026-2027").text
    assert '<a class="ds-link term" href="/ordliste#otuk">OTUK</a>' in explained
    assert "Elevkurs (G6) 7" in page
    assert "Ikke søkt :" in page  # shown, it would tell the two who broke off
    assert "Avbrudd :" in page
    assert "Skjult" not in page


@pytest.mark.usefixtures("registered")
def test_the_country_is_shown_by_county_and_another_county_is_empty(operator):
    assert "Vestland" in text_of(operator, "/ot?skolear=2026-2027")
    assert "Ingen er tilmeldt i fylket" in text_of(operator, "/ot?fylke=03&skolear=2026-2027")


def test_the_rows_about_the_service_lead_to_the_page_and_others_do_not(client):
    assert 'href="/ot?' in client.get("/frist/ot-data-1115?fylke=46").text
    assert 'href="/ot' not in client.get("/frist/stat-ssbelev-l1?fylke=46").text


def test_a_count_under_the_limit_is_hidden_and_none_is_shown_as_none():
    assert [shown(number) for number in (0, 1, 4, 5)] == [0, None, None, 5]
