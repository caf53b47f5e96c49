"""An OT coordinator reads the dry run: signs in, says what for, and reads each list and a person."""

import pytest

from scheduler.access.roles import Grant, Role
from scheduler.ledger.database import open_database
from tests.browser.test_site import ONLY_VIOLATIONS, violations
from tests.web.people import PASSWORD, new_account
from tests.web.persons_seen import NAMES, PROTECTED, populate, read

WIDTHS = (390, 1280)


@pytest.fixture(scope="module", autouse=True)
def county(config):
    """Somebody on each list of Vestland, an account for the ordinary ones and one for the protected."""
    database = open_database(config.ledger_url)
    populate(database)
    new_account(database, "OT Vestland", Grant(Role.OT, "46"))
    new_account(database, "Sentralen", Grant(Role.OT_PROTECTED, "46"))
    new_account(database, "Sjefen", Grant(Role.ADMINISTRATOR))
    yield database
    database.dispose()


def sign_in(page, name):
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()


def say_what_for(page, purpose):
    page.get_by_label("Formål", exact=True).select_option(label=purpose)
    page.get_by_role("button", name="Se personene").click()


def fits(page, axe, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page, axe, ONLY_VIOLATIONS) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_coordinator_reads_the_dry_run(open_page, axe, county, width):
    page = open_page("/ot/46/personer/inn", width=width, bypass_csp=True)
    sign_in(page, "OT Vestland")
    page.wait_for_url("**/ot/46/personer?neste=**")  # asked what for before anybody is shown
    fits(page, axe, width)
    before = len(read(county))
    say_what_for(page, "Kontrollere en overføring")
    page.wait_for_url("**/ot/46/personer/inn")
    assert page.get_by_text("R7: sluttet i skole 02.10.2026").is_visible()
    assert page.get_by_text("Formål: Kontrollere en overføring").is_visible()
    assert PROTECTED not in page.content()
    fits(page, axe, width)
    page.get_by_role("link", name=NAMES["inn"]).click()
    assert page.locator("h1").inner_text() == NAMES["inn"]
    fits(page, axe, width)
    page.get_by_role("navigation", name="Brødsmuler").get_by_role("link", name="Personer").click()
    assert page.get_by_text("1 person, hos OT-kontakt").is_visible()
    fits(page, axe, width)
    page.get_by_role("link", name="Holdt utenfor", exact=True).click()
    page.get_by_role("link", name="Elevkurs (1)").click()
    assert page.get_by_text("Overføres ikke (G6)").is_visible()
    fits(page, axe, width)
    page.go_back()
    page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Oppfølging").click()
    page.get_by_role("link", name="Personer i Vestland").click()
    page.get_by_role("link", name="Ukjent aktivitet, de eldste").click()
    page.get_by_role("link", name=NAMES["eldste"]).click()
    assert page.get_by_text("Tilmeldt: OTUK").is_visible()
    fits(page, axe, width)
    assert {row[0] for row in read(county)[before:]} == {"inn", "person", "utelatt", "eldste"}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_protected_and_the_log_of_reads_have_their_own_readers(open_page, axe, width):
    page = open_page("/ot/46/skjermet", width=width, bypass_csp=True)
    sign_in(page, "Sentralen")
    page.wait_for_url("**/ot/46/personer?neste=**")
    say_what_for(page, "Ta kontakt med ungdommen")
    page.wait_for_url("**/ot/46/skjermet")
    fits(page, axe, width)
    page.get_by_role("link", name=PROTECTED).click()
    assert page.get_by_text("Personen har adressebeskyttelse.").is_visible()
    fits(page, axe, width)
    log = open_page("/drift/lesninger", width=width, bypass_csp=True)
    sign_in(log, "Sjefen")
    log.wait_for_url("**/drift/lesninger")
    assert log.get_by_text("Ta kontakt med ungdommen · Med adressebeskyttelse").first.is_visible()
    fits(log, axe, width)


LISTS = "/ot/46/personer"


@pytest.mark.parametrize("code", ["nn", "en"])
@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("OT Vestland", (LISTS, f"{LISTS}/inn", f"{LISTS}/utelatt", f"{LISTS}/eldste")),
        ("Sentralen", ("/ot/46/skjermet",)),
        ("Sjefen", ("/drift/lesninger",)),
    ],
)
def test_axe_finds_no_violation_in_another_language(open_page, axe, address, code, name, paths):
    page = open_page("/logg-inn?neste=/konto", bypass_csp=True)
    sign_in(page, name)
    page.wait_for_url("**/konto")
    page.goto(address + LISTS)
    if name != "Sjefen":
        say_what_for(page, "Ta kontakt med ungdommen")
    for path in paths:
        page.goto(f"{address}{path}?lang={code}")
        assert page.evaluate("[document.documentElement.lang, location.pathname]") == [code, path]
        fits(page, axe, 1440)
    person = page.locator("main a[href*='/person/']").first
    if person.count():
        person.click()
        fits(page, axe, 1440)
