"""Addresses in letters: reading changes nothing, one post does, and a wrong address tells nothing."""

import pytest
from sqlalchemy.orm import Session

from scheduler.notify.tables import ContactRow
from tests.web.seed import NOW

UNKNOWN = "u" * 32


@pytest.fixture
def contact(engine) -> ContactRow:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = ContactRow(
            scope="46",
            role="inntak",
            address="inntak@fylke46.example",
            created_at=NOW,
            test_code="048392",
        )
        session.add(row)
        session.flush()
        return row


def now_of(engine, contact) -> ContactRow:
    with Session(engine, expire_on_commit=False) as session:
        return session.get_one(ContactRow, contact.id)


def test_reading_unsubscribes_nobody(client, engine, contact):
    for ask in (client.get, client.head):
        answer = ask(f"/avmeld/{contact.token}")
        assert answer.status_code == 200
    assert now_of(engine, contact).singles is True
    page = client.get(f"/avmeld/{contact.token}")
    assert "Bare mandagsoversikten" in page.text
    assert "kommer uansett" in page.text
    assert contact.address not in page.text


def test_a_mail_programs_own_button_is_enough(client, engine, contact):
    answer = client.post(f"/avmeld/{contact.token}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert now_of(engine, contact).singles is False
    assert "Dere får bare mandagsoversikten" in answer.text
    client.post(f"/avmeld/{contact.token}")
    assert now_of(engine, contact).singles is False


def test_one_may_have_the_letters_back(client, engine, contact):
    client.post(f"/avmeld/{contact.token}")
    client.post(f"/avmeld/{contact.token}", data={"valg": "alle"})
    assert now_of(engine, contact).singles is True


def test_a_test_is_confirmed_by_a_person_and_not_by_a_reader(client, engine, contact):
    page = client.get(f"/bekreft/{contact.token}?kode=048392")
    assert 'value="048392"' in page.text
    assert now_of(engine, contact).confirmed_at is None
    wrong = client.post(f"/bekreft/{contact.token}", data={"kode": "111111"})
    assert wrong.status_code == 422
    assert "Koden er feil" in wrong.text
    assert now_of(engine, contact).confirmed_at is None
    assert "Takk" in client.post(f"/bekreft/{contact.token}", data={"kode": "048392"}).text
    assert now_of(engine, contact).confirmed_at == NOW
    assert "Takk" in client.post(f"/bekreft/{contact.token}", data={"kode": "048392"}).text


@pytest.mark.parametrize("path", ["avmeld", "bekreft"])
@pytest.mark.parametrize("token", [UNKNOWN, "kort", "%00" * 20, "x" * 5000])
def test_a_wrong_address_is_told_in_plain_words(client, path, token):
    for ask in (client.get, client.post):
        answer = ask(f"/{path}/{token}")
        assert answer.status_code == 404
        assert "Fant ingen mottaker" in answer.text


def test_the_pages_are_kept_by_nobody(client, contact):
    for path in ("avmeld", "bekreft"):
        answer = client.get(f"/{path}/{contact.token}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_form_that_is_too_large_is_refused(client, engine, contact):
    answer = client.post(f"/avmeld/{contact.token}", data={"valg": "x" * 100_000})
    assert answer.status_code == 413
    assert now_of(engine, contact).singles is True
