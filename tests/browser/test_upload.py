"""Delivering from a real browser: without scripts, and the answers are accessible too."""

import pytest

from scheduler.ledger.database import open_database
from tests.browser.test_site import NARROW, ONLY_VIOLATIONS, violations
from tests.web.api.asking import new_key

FILE = {"name": "telling.txt", "mimeType": "text/plain", "buffer": b"TOF;1"}


@pytest.fixture(scope="module")
def key(config):
    database = open_database(config.ledger_url)
    made = new_key(database, "46", "nettleser")
    database.dispose()
    return made


def deliver(page, key):
    page.select_option("#leveranse", "skole-off-telling-okt")
    page.get_by_label("Nøkkel").fill(key)
    page.get_by_label("Fil", exact=True).set_input_files(FILE)
    page.get_by_role("button", name="Lever filen").click()
    page.wait_for_load_state()


def test_a_file_is_delivered_without_scripts(open_page, config, key):
    page = open_page("/lever", java_script_enabled=False)
    deliver(page, key)
    assert page.locator("h1").inner_text() == "Filen er levert"
    page.get_by_role("link", name="siden til Vestland").click()
    page.wait_for_url("**/fylke/46")
    (path,) = (config.data_dir / "inbox" / "46").rglob("telling.txt")
    assert path.read_bytes() == FILE["buffer"]


def test_both_answers_are_accessible_and_fit_a_narrow_screen(open_page, axe, key):
    for shown, heading in ((key, "Filen er levert"), ("feil", "Lever en fil")):
        page = open_page("/lever", width=NARROW, bypass_csp=True)
        deliver(page, shown)
        assert page.locator("h1").inner_text() == heading
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        assert violations(page, axe, ONLY_VIOLATIONS) == []
