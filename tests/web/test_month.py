"""The month's page: what is due, day by day, with today and the days that nobody works."""

import re
from html import unescape

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.read import current_calendar, items
from tests.web import changed, seed


def days_of(text):
    """ISO day -> what the page says of it, without tags."""
    found = re.findall(r'(?s)<h3><time datetime="([^"]+)">(.*?)(?=<h3>|</ol>)', text)
    return {day: " ".join(unescape(re.sub(r"<[^>]+>", " ", said)).split()) for day, said in found}


def test_every_deadline_of_the_month_stands_on_its_day(client, engine):
    shown = days_of(client.get("/maaned/2026-10").text)
    with Session(engine) as session:
        found = items(session, current_calendar(session), seed.CYCLE, seed.NOW)
    due = {(item.due.isoformat(), item.name) for item in found if f"{item.due:%Y-%m}" == "2026-10"}
    assert len(due) > 10
    assert [(day, name) for day, name in due if name not in shown[day]] == []
    assert all(day.startswith("2026-10") for day in shown)


def test_today_is_marked_also_when_nothing_is_due(client):
    shown = days_of(client.get("/maaned/2026-10").text)
    assert "I dag" in shown["2026-10-27"]
    assert [day for day, said in shown.items() if "I dag" in said] == ["2026-10-27"]
    assert 'aria-current="date"' in client.get("/maaned/2026-10").text
    assert "I dag" not in client.get("/maaned/2026-11").text
    assert "Ingen frister i dag." in client.get("/maaned/2026-10?omrade=inntak").text


def test_holidays_and_closures_are_named_and_weekends_are_no_news(client):
    shown = days_of(client.get("/maaned/2026-12").text)
    assert "Ikke arbeidsdag: Første juledag" in shown["2026-12-25"]
    assert "Ikke arbeidsdag: Julaften" in shown["2026-12-24"]
    assert "Andre juledag" in shown["2026-12-26"]
    assert "2026-12-27" not in shown
    assert "Ikke arbeidsdag" not in shown["2026-12-01"]


def test_a_day_that_was_moved_says_what_the_calendar_has(client, moved):
    assert moved
    said = days_of(client.get("/maaned/2027-02?fylke=46").text)["2027-02-12"]
    assert "i kalenderen lørdag 13. februar" in said


def test_area_and_county_stand_in_the_address_and_follow_to_the_next_month(client):
    page = client.get("/maaned/2026-10?fylke=46&omrade=ot").text
    shown = days_of(page)
    assert "ssbElev" not in " ".join(shown.values())
    assert "Oktober 2026 i Vestland" in page
    for month in ("2026-09", "2026-11"):
        assert f'href="/maaned/{month}?omrade=ot&amp;fylke=46"' in page
    one = client.get("/maaned/2026-10?fylke=34").text
    assert f'href="/forekomst/{seed.delivery_key("34")}"' in one
    assert seed.delivery_key("46") not in one


def test_a_county_has_its_own_closed_days(client, engine):
    with Session(engine) as session, session.begin():
        seed.rename(
            session,
            "closures:\n",
            "closures:\n  - {name: Kontoret flytter, from: 7. oktober 2026, to: 7. oktober 2026, counties: ['46']}\n",
        )
    assert "Kontoret flytter" in days_of(client.get("/maaned/2026-10?fylke=46").text)["2026-10-07"]
    assert "Kontoret flytter" not in client.get("/maaned/2026-10?fylke=34").text


def test_the_first_and_the_last_month_known_have_one_way_on(client):
    assert 'rel="prev"' not in client.get("/maaned/2026-08").text
    assert 'rel="next"' not in client.get("/maaned/2028-07").text
    assert 'rel="prev"' in client.get("/maaned/2028-07").text


def test_a_month_with_nothing_says_what_to_do(client):
    page = client.get("/maaned/2027-07?omrade=kodeverk").text
    assert days_of(page) == {}
    assert "Ingen frister i dette utvalget denne måneden." in page
    assert "Velg et annet område eller fylke, eller en annen måned." in page


@pytest.mark.parametrize("month", ["2019-01", "2026-13", "0000-01", "oktober", "2026-1"])
def test_another_month_is_not_found(client, month):
    answer = client.get(f"/maaned/{month}")
    assert answer.status_code == 404
    assert "skrives som 2026-10" in answer.text


def test_the_front_page_and_the_board_lead_to_this_month(client):
    for page in ("/?fylke=46", "/tavle?fylke=46"):
        assert 'href="/maaned?fylke=46"' in client.get(page).text
    answer = client.get("/maaned?fylke=46")
    assert (answer.status_code, answer.location) == (302, "/maaned/2026-10?fylke=46")


def test_what_is_withdrawn_is_not_there(client, engine):
    with Session(engine) as session, session.begin():
        seed.withdrawn(session, changed.moved_key("46").replace("/only/", "/borte/"))
    assert "borte" not in client.get("/maaned/2026-10").text
