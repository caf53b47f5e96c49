"""The pages that the letters lead to are accessible before a choice, with a fault and after it."""

import pytest

from tests.browser.steps import CODE, NARROW, follow, must_be_accessible
from tests.web.changed import moved_key

LANGUAGES = ("nb-NO", "nn", "en")


def press(page):
    follow(page.locator("main form button").first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_fewer_letters(open_page, axe, token, language):
    page = open_page(f"/avmeld/{token}", NARROW, locale=language)
    heading = page.locator("h1").inner_text()
    must_be_accessible(page, axe, NARROW)
    press(page)
    assert page.locator("h1").inner_text() != heading
    must_be_accessible(page, axe, NARROW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_that_arrived(open_page, axe, token, language):
    page = open_page(f"/bekreft/{token}", NARROW, locale=language)
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
    page = open_page(path, NARROW, locale=language)
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
