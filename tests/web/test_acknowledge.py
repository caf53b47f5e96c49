"""The page a notice leads to: reading changes nothing, one button answers, a wrong token is told."""

import secrets

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from scheduler.notify.tables import NoticeRow
from tests.web import changed
from tests.web.test_pages import text_of


@pytest.fixture
def address(engine, moved):
    """Where Vestland answers for the second version."""
    with Session(engine) as session:
        (token,) = changed.tokens(session, moved, "46")
    return f"/kvitter/{token}"


def answer_of(engine) -> tuple[bool, str]:
    with Session(engine) as session:
        notice = session.get_one(NoticeRow, f"endring/2/46/{changed.ROLE}")
        return notice.acknowledged_at is not None, notice.acknowledged_by


def test_the_page_shows_what_changed_and_asks(client, address):
    shown = text_of(client, address)
    for words in (
        "Fylkets ansvarlige for skoledata · Vestland",
        "15.02.2027 i kalenderen samme dag",
        "12.02.2027 i kalenderen lørdag 13.02.2027",
        "Udir ba om tallene &lt;tidligere&gt;.",
        "Bestemt av Nasjonal koordinator",
        "Hvem kvitterer?",
    ):
        assert words in shown


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(client, engine, address, method):
    assert getattr(client, method)(address).status_code == 200
    assert answer_of(engine) == (False, "")


def test_answering_says_thanks_and_who(client, engine, address):
    response = client.post(address, data={"hvem": "  Skolekontoret  "})
    assert response.status_code == 303
    assert response.headers["Location"].endswith(address)
    shown = text_of(client, address)
    assert "Takk, endringen er kvittert" in shown
    assert "Kvittert 27. oktober 2026 kl. 12.30 av Skolekontoret." in shown
    assert "Hvem kvitterer?" not in shown
    assert answer_of(engine) == (True, "Skolekontoret")


def test_the_first_answer_stands(client, engine, address):
    client.post(address, data={"hvem": "Skolekontoret"})
    assert client.post(address, data={"hvem": "Noen andre"}).status_code == 303
    assert answer_of(engine) == (True, "Skolekontoret")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "to\x00rar", "<b>\x1b</b>"])
def test_a_name_that_is_none_is_asked_for_again(client, engine, address, name):
    response = client.post(address, data={"hvem": name})
    assert response.status_code == 422
    assert "Skriv hvem som kvitterer" in response.text
    assert 'aria-invalid="true"' in response.text
    assert "<b>" not in response.text
    assert answer_of(engine) == (False, "")


def test_a_form_of_another_site_is_refused(client, engine, address):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    response = client.post(address, data={"hvem": "Skolekontoret"}, headers=elsewhere)
    assert response.status_code == 403
    assert answer_of(engine) == (False, "")


def test_a_huge_form_is_refused(client, engine, address):
    assert client.post(address, data={"hvem": "x" * 20_000}).status_code == 413
    assert answer_of(engine) == (False, "")


@pytest.mark.parametrize("token", ["tull", "x" * 43, "x" * 500, "%00", "..", "a'b\"c" * 6])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_token_is_told_in_plain_words(client, token, method):
    response = getattr(client, method)(f"/kvitter/{token}", data={"hvem": "Skolekontoret"})
    assert response.status_code == 404
    assert "Fant ikke" in response.text


@pytest.mark.parametrize("guesses", [1_000, pytest.param(10_000, marks=pytest.mark.chaos)])
def test_many_guesses_find_nothing_and_read_no_calendar(unlimited, engine, address, guesses):
    app, asked = unlimited, []
    database = app.extensions["aarshjul"].engine
    event.listen(database, "before_cursor_execute", lambda *call: asked.append(call[2]))
    client = app.test_client()
    for number in range(guesses):
        token = secrets.token_urlsafe(32) if number % 100 == 0 else f"gjett {number}"
        assert client.get(f"/kvitter/{token}").status_code == 404
    looked_up = [statement for statement in asked if "FROM notice" in statement]
    assert len(looked_up) == guesses // 100
    assert [statement for statement in asked if "calendar_version" in statement] == []
    assert answer_of(engine) == (False, "")


def test_nobody_keeps_the_page(client, address):
    headers = client.get(address).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"
