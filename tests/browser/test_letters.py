"""The pages that the letters lead to are accessible before a choice, with a fault and after it."""

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database
from scheduler.notify.tables import ContactRow
from tests.browser.steps import NARROW, follow, must_be_accessible
from tests.web.changed import moved_key
from tests.web.seed import NOW

CODE = "048392"
LANGUAGES = ("nb-NO", "nn", "en")


@pytest.fixture
def token(config, request) -> str:
    """Of a contact in Nordland who has been sent a test, one for each test."""
    database = open_database(config.ledger_url)
    with Session(database) as session, session.begin():
        contact = ContactRow(
            scope="18",
            role="fylke-skole",
            address=f"{request.node.name}@fylke18.example",
            created_at=NOW,
            test_code=CODE,
        )
        session.add(contact)
        session.flush()
        found = contact.token
    database.dispose()
    return found


def press(page):
    follow(page.locator("main form button").first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_fewer_letters(open_page, axe, token, language):
    page = open_page(f"/avmeld/{token}", NARROW, bypass_csp=True, locale=language)
    heading = page.locator("h1").inner_text()
    must_be_accessible(page, axe, NARROW)
    press(page)
    assert page.locator("h1").inner_text() != heading
    must_be_accessible(page, axe, NARROW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_that_arrived(open_page, axe, token, language):
    page = open_page(f"/bekreft/{token}", NARROW, bypass_csp=True, locale=language)
    must_be_accessible(page, axe, NARROW)
    page.locator("#kode").fill("000000")
    press(page)
    assert page.locator("#kode").get_attribute("aria-describedby") == "kode-feil"
    must_be_accessible(page, axe, NARROW)
    page.locator("#kode").fill(CODE)
    press(page)
    assert page.locator("main form").count() == 0
    must_be_accessible(page, axe, NARROW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_a_reminder(open_page, axe, token, language):
    path = f"/svar/{token}/{moved_key('18')}"
    page = open_page(path, NARROW, bypass_csp=True, locale=language)
    assert page.locator("main form").count() > 1
    must_be_accessible(page, axe, NARROW)
    page.locator("#hvem-1").fill("\u00a0")
    press(page)
    assert page.get_by_role("alert").is_visible()
    must_be_accessible(page, axe, NARROW)
    page.locator("#hvem-1").fill("Skolekontoret")
    press(page)
    assert "Skolekontoret" in page.locator("main").inner_text()
    must_be_accessible(page, axe, NARROW)
