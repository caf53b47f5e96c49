"""Delivering from a real browser: without scripts, and the answers are accessible too."""

import pytest

from scheduler.access.roles import Grant, Role
from scheduler.ledger.database import open_database
from tests.browser.steps import NARROW, follow, must_be_accessible, sign_in
from tests.web.people import new_account

FILE = {"name": "telling.txt", "mimeType": "text/plain", "buffer": b"TOF;1"}


@pytest.fixture(scope="module", autouse=True)
def account(config):
    database = open_database(config.ledger_url)
    new_account(database, "nettleser", Grant(Role.COUNTY, "46"))
    database.dispose()


def come_in(page):
    """From the page that asked for it, and back to it."""
    assert page.locator("h1").inner_text() == "Logg inn"
    sign_in(page, "nettleser")
    page.wait_for_url("**/lever/46")


def deliver(page, name="telling.txt"):
    page.select_option("#leveranse", "skole-off-telling-okt")
    page.get_by_label("Fil", exact=True).set_input_files(FILE | {"name": name})
    follow(page.get_by_role("button", name="Lever filen"))


def test_a_file_is_delivered_without_scripts(open_page, config):
    page = open_page("/lever", java_script_enabled=False)
    come_in(page)
    deliver(page)
    assert page.locator("h1").inner_text() == "Filen er levert"
    follow(page.get_by_role("link", name="siden til Vestland"))
    page.wait_for_url("**/fylke/46")
    (path,) = (config.data_dir / "inbox" / "46").rglob("telling.txt")
    assert path.read_bytes() == FILE["buffer"]
    follow(page.get_by_role("link", name="nettleser"))
    follow(page.get_by_role("button", name="Logg ut"))
    page.wait_for_url(lambda address: address.endswith("/"))
    assert page.get_by_role("link", name="Logg inn").is_visible()


def test_both_answers_are_accessible_and_fit_a_narrow_screen(open_page, axe):
    for name, heading in (("telling.txt", "Filen er levert"), ("telling.part", "Lever en fil")):
        page = open_page("/lever", width=NARROW)
        must_be_accessible(page, axe, NARROW)
        come_in(page)
        deliver(page, name)
        assert page.locator("h1").inner_text() == heading
        must_be_accessible(page, axe, NARROW)
