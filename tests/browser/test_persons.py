"""An OT coordinator reads the dry run: signs in, says what for, and reads each list and a person."""

import pytest

from tests.browser.steps import follow, must_be_accessible, say_what_for, sign_in
from tests.web.persons_seen import NAMES, PROTECTED, read

WIDTHS = (390, 1280)
pytestmark = pytest.mark.usefixtures("county")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_coordinator_reads_the_dry_run(open_page, axe, county, width):
    page = open_page("/ot/46/personer/inn", width=width)
    sign_in(page, "OT Vestland")
    page.wait_for_url("**/ot/46/personer?neste=**")  # asked what for before anybody is shown
    must_be_accessible(page, axe, width)
    before = len(read(county))
    say_what_for(page, "Kontrollere en overføring")
    page.wait_for_url("**/ot/46/personer/inn")
    assert page.get_by_text("R7: sluttet i skole 02.10.2026").is_visible()
    assert page.get_by_text("Formål: Kontrollere en overføring").is_visible()
    assert PROTECTED not in page.content()
    must_be_accessible(page, axe, width)
    follow(page.get_by_role("link", name=NAMES["inn"]))
    assert page.locator("h1").inner_text() == NAMES["inn"]
    must_be_accessible(page, axe, width)
    follow(page.get_by_role("navigation", name="Brødsmuler").get_by_role("link", name="Personer"))
    assert page.get_by_text("1 person, hos OT-kontakt").is_visible()
    must_be_accessible(page, axe, width)
    follow(page.get_by_role("link", name="Holdt utenfor", exact=True))
    follow(page.get_by_role("link", name="Elevkurs (1)"))
    assert page.get_by_text("Overføres ikke (G6)").is_visible()
    must_be_accessible(page, axe, width)
    page.go_back()
    follow(page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Oppfølging"))
    follow(page.get_by_role("link", name="Personer i Vestland"))
    follow(page.get_by_role("link", name="Ukjent aktivitet, de eldste"))
    follow(page.get_by_role("link", name=NAMES["eldste"]))
    assert page.get_by_text("Tilmeldt: OTUK").is_visible()
    must_be_accessible(page, axe, width)
    assert {row[0] for row in read(county)[before:]} == {"inn", "person", "utelatt", "eldste"}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_protected_and_the_log_of_reads_have_their_own_readers(open_page, axe, width):
    page = open_page("/ot/46/skjermet", width=width)
    sign_in(page, "Sentralen")
    page.wait_for_url("**/ot/46/personer?neste=**")
    say_what_for(page, "Ta kontakt med ungdommen")
    page.wait_for_url("**/ot/46/skjermet")
    must_be_accessible(page, axe, width)
    follow(page.get_by_role("link", name=PROTECTED))
    assert page.get_by_text("Personen har adressebeskyttelse.").is_visible()
    must_be_accessible(page, axe, width)
    log = open_page("/drift/lesninger", width=width)
    sign_in(log, "Sjefen")
    log.wait_for_url("**/drift/lesninger")
    assert log.get_by_text("Ta kontakt med ungdommen · Med adressebeskyttelse").first.is_visible()
    must_be_accessible(log, axe, width)


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
    page = open_page("/logg-inn?neste=/konto")
    sign_in(page, name)
    page.wait_for_url("**/konto")
    page.goto(address + LISTS)
    if name != "Sjefen":
        say_what_for(page, "Ta kontakt med ungdommen")
    for path in paths:
        page.goto(f"{address}{path}?lang={code}")
        assert page.evaluate("[document.documentElement.lang, location.pathname]") == [code, path]
        must_be_accessible(page, axe, 1440)
    person = page.locator("main a[href*='/person/']").first
    if person.count():
        follow(person)
        must_be_accessible(page, axe, 1440)
