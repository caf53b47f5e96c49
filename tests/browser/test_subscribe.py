"""The page «Abonner» in a real browser: choosing, copying, and doing without a script."""

import re

import pytest

from tests.browser.steps import ONLY_VIOLATIONS, follow, must_fit, violations

CHOSEN = "/abonner?fylke=46&omrade=ot"
ADDRESS = "http://localhost:8000/kalender/46.ics?omrade=ot"


def test_choosing_and_copying_gives_the_address(open_page):
    page = open_page("/abonner", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Fylke", exact=True).select_option("46")
    page.get_by_label("Område", exact=True).select_option("ot")
    follow(page.get_by_role("button", name="Vis"))
    page.wait_for_url(re.compile("fylke=46"))
    page.locator('[data-copy="adresse"]').click()
    page.get_by_text("Kopiert", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == ADDRESS


def test_without_a_script_the_address_is_there_to_mark(open_page):
    page = open_page(CHOSEN, java_script_enabled=False)
    assert page.locator("#adresse").inner_text() == ADDRESS
    assert not page.locator("[data-copy]").first.is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window_and_the_drawing_can_be_read(open_page, width):
    page = open_page(CHOSEN, width=width)
    must_fit(page, width)
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] == box["height"] >= 150


def test_the_page_has_no_accessibility_faults(open_page, axe):
    assert violations(open_page(CHOSEN), axe, ONLY_VIOLATIONS) == []
