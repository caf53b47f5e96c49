"""The month on a phone, without scripts and on paper."""

from tests.browser.steps import follow


def test_one_month_leads_to_the_next_without_scripts_and_keeps_the_choice(open_page):
    page = open_page("/?fylke=46", width=390, java_script_enabled=False)
    follow(page.get_by_role("link", name="Måneden dag for dag"))
    assert page.locator("h1").inner_text() == "Oktober 2026 i Vestland"
    assert "I dag" in page.locator("[aria-current=date]").inner_text()
    follow(page.get_by_role("link", name="Neste: november 2026").first)
    assert page.locator("h1").inner_text() == "November 2026 i Vestland"
    page.select_option("#omrade", "ot")
    follow(page.get_by_role("button", name="Vis", exact=True))
    assert page.url.endswith("/maaned/2026-11?omrade=ot&fylke=46")
    assert page.locator("h1").inner_text() == "November 2026 i Vestland"


def test_the_paper_has_the_days_and_none_of_the_ways_around(open_page):
    page = open_page("/maaned/2026-12")
    page.emulate_media(media="print")
    assert page.locator(".agenda h3").first.is_visible()
    assert not page.locator("nav.pages").first.is_visible()
    assert not page.locator("form.filters").is_visible()
