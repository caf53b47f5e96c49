"""The page of the follow-up service: counts alone, and none so small that it tells of somebody."""

import re
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from jobs.ot.overview import shown
from jobs.register.followup import OtHendelse, OtKjoring, OtLinje, OtUtelatt
from jobs.register.people import Person
from jobs.register.schools import sync_schools
from tests.jobs.ot.people import numbers, put
from tests.web.seed import NOW
from tests.web.test_pages import text_of
from web.words.language import COOKIE

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
    assert ": : ." not in text_of(operator, "/ot?skolear=2026-2027")
    explained = operator.get("/ot?fylke=46&skolear=2026-2027").text
    assert '<a class="ds-link term" href="/ordliste#otuk">OTUK</a>' in explained
    assert "Elevkurs (G6) 7" in page
    assert "Ikke søkt :" in page  # shown, it would tell the two who broke off
    assert "Avbrudd :" in page
    assert "Skjult" not in page


@pytest.mark.usefixtures("registered")
def test_last_years_figures_are_said_to_be_missing_and_not_to_be_none(operator):
    page = text_of(operator, "/ot?fylke=46&skolear=2026-2027")
    assert "Tall fra samme dag i fjor er ikke i registeret." in page
    assert "Samme dag i fjor" not in page


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(
    ("county", "before", "said"),
    [
        ("46", relativedelta(years=1), "Samme dag i fjor: 0."),  # a run that found nobody
        ("46", relativedelta(years=1, days=-1), "er ikke i registeret"),  # the day after
        ("03", relativedelta(years=1), "er ikke i registeret"),
        ("", relativedelta(years=1), "Samme dag i fjor: 0."),
    ],
)
def test_a_transfer_last_year_makes_none_registered_a_figure(
    operator, engine, county, before, said
):
    with Session(engine) as session, session.begin():
        run = {"skolear": "20252026", "kategorier": ["sokere"], "torr": False, "tall": {}}
        day = NOW.date() - before
        session.add(OtKjoring(run_id="i fjor", fylkesnummer="46", per=day, at=NOW, **run))
    assert said in text_of(operator, f"/ot?fylke={county}&skolear=2026-2027")


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Girls", "16 and younger")), ("nn", ("Jenter", "16 og yngre"))],
)
def test_age_and_gender_are_in_the_language_of_the_page(operator, engine, language, words):
    with Session(engine) as session, session.begin():
        for line in session.query(OtLinje).all():
            number = numbers(date(2010, 5, 6))[line.id]
            session.get_one(Person, line.person_id).fodselsnummer = number
    operator.set_cookie(COOKIE, language)
    page = operator.get("/ot?fylke=46&skolear=2026-2027").text
    for word in words:
        assert re.search(rf'<th scope="(row|col)"[^>]*>{word}</th>', page), word


@pytest.mark.usefixtures("registered")
def test_the_country_is_shown_by_county_and_another_county_is_empty(operator):
    assert "Vestland" in text_of(operator, "/ot?skolear=2026-2027")
    assert "Ingen er tilmeldt i fylket" in text_of(operator, "/ot?fylke=03&skolear=2026-2027")


def test_the_page_is_as_wide_as_its_neighbours(operator):
    mains = [re.search("<main[^>]*>", operator.get(path).text)[0] for path in ("/ot", "/endringer")]
    assert mains[0] == mains[1]


def test_the_rows_about_the_service_lead_to_the_page_and_others_do_not(client):
    assert 'href="/ot?' in client.get("/frist/ot-data-1115?fylke=46").text
    assert 'href="/ot' not in client.get("/frist/stat-ssbelev-l1?fylke=46").text


def test_a_count_under_the_limit_is_hidden_and_none_is_shown_as_none():
    assert [shown(number) for number in (0, 1, 4, 5)] == [0, None, None, 5]
