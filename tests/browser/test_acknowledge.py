"""A role answers a notice on a phone or a computer, by keyboard alone and without scripts."""

import pytest

from tests.browser.steps import ONLY_VIOLATIONS, follow, must_be_accessible, violations

WIDTHS = (360, 1280)
NEW_PAGES = ("/endringer", "/endringer/2", "/varsler", "/skolear/2027-2028")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", NEW_PAGES)
def test_axe_finds_no_violation_at_any_width(open_page, axe, path, width):
    page = open_page(path, width=width)
    must_be_accessible(page, axe, width)


@pytest.mark.parametrize(("width", "county"), [(360, "31"), (1280, "32")])
def test_a_notice_is_answered_by_keyboard_and_without_scripts(
    open_page, notice_path, width, county
):
    page = open_page(notice_path(county), width=width, java_script_enabled=False)
    page.locator("#hvem").focus()
    page.keyboard.type("Skolekontoret")
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="Vi har sett endringen").is_visible()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Takk, endringen er kvittert").wait_for()
    assert "av Skolekontoret" in page.locator(".lead").inner_text()
    assert page.locator("form").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation_before_a_fault_and_after_it(
    open_page, notice_path, axe, width, scheme
):
    page = open_page(notice_path("33"), width=width, color_scheme=scheme)
    assert violations(page, axe, ONLY_VIOLATIONS) == []
    page.locator("#hvem").fill("\u00a0")
    follow(page.get_by_role("button", name="Vi har sett endringen"))
    page.get_by_text("Skriv hvem som kvitterer").wait_for()
    assert violations(page, axe, ONLY_VIOLATIONS) == []
    assert page.locator("#hvem").get_attribute("aria-describedby") == "hvem-hjelp hvem-feil"


@pytest.mark.parametrize("code", ["nn", "en"])
def test_axe_finds_no_violation_in_another_language(open_page, notice_path, axe, code):
    page = open_page(notice_path("33"), locale=code)
    assert page.evaluate("document.documentElement.lang") == code
    assert violations(page, axe, ONLY_VIOLATIONS) == []


def test_another_day_is_chosen_by_keyboard(open_page):
    page = open_page("/fylke/46")
    page.locator("#per").fill("2026-10-18")
    page.get_by_role("button", name="Vis hva som sto").press("Enter")
    page.get_by_role("heading", name="Vestland slik det sto 18. oktober 2026").wait_for()
    assert "15.02.2027" in page.locator("main").inner_text()
