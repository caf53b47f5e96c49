"""Delivering from a real browser: without scripts, and the answers are accessible too."""

import pytest

from scheduler.access.roles import Grant, Role
from scheduler.ledger.database import open_database
from tests.browser.test_site import NARROW, ONLY_VIOLATIONS, violations
from tests.web.people import PASSWORD, new_account

FILE = {"name": "telling.txt", "mimeType": "text/plain", "buffer": b"TOF;1"}


@pytest.fixture(scope="module", autouse=True)
def account(config):
    database = open_database(config.ledger_url)
    new_account(database, "nettleser", Grant(Role.COUNTY, "46"))
    database.dispose()


def sign_in(page):
    """From the page that asked for it, and back to it."""
    assert page.locator("h1").inner_text() == "Logg inn"
    page.get_by_label("Navn").fill("nettleser")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url("**/lever/46")


def deliver(page, name="telling.txt"):
    page.select_option("#leveranse", "skole-off-telling-okt")
    page.get_by_label("Fil", exact=True).set_input_files(FILE | {"name": name})
    page.get_by_role("button", name="Lever filen").click()
    page.wait_for_load_state()


def test_a_file_is_delivered_without_scripts(open_page, config):
    page = open_page("/lever", java_script_enabled=False)
    sign_in(page)
    deliver(page)
    assert page.locator("h1").inner_text() == "Filen er levert"
    page.get_by_role("link", name="siden til Vestland").click()
    page.wait_for_url("**/fylke/46")
    (path,) = (config.data_dir / "inbox" / "46").rglob("telling.txt")
    assert path.read_bytes() == FILE["buffer"]
    page.get_by_role("link", name="nettleser").click()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url(lambda address: address.endswith("/"))
    assert page.get_by_role("link", name="Logg inn").is_visible()


def test_both_answers_are_accessible_and_fit_a_narrow_screen(open_page, axe):
    for name, heading in (("telling.txt", "Filen er levert"), ("telling.part", "Lever en fil")):
        page = open_page("/lever", width=NARROW, bypass_csp=True)
        must_be_accessible(page, axe)
        sign_in(page)
        deliver(page, name)
        assert page.locator("h1").inner_text() == heading
        must_be_accessible(page, axe)


def must_be_accessible(page, axe):
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert violations(page, axe, ONLY_VIOLATIONS) == []
