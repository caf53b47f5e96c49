"""An administrator publishes a changed date: from the form, past a second person, to the county's feed."""

import shutil

import pytest

from scheduler.access.roles import Grant, Role
from scheduler.engine.feed_publisher import FeedPublisher
from scheduler.ledger.database import open_database
from scheduler.settings import PROJECT_ROOT, Settings
from tests.browser.steps import follow, must_be_accessible, sign_in
from tests.planned import calendar_in
from tests.scheduler.calendar.filled import filled
from tests.serving import on_a_port
from tests.web import changed, seed
from tests.web.people import new_account

WIDTHS = (390, 1280)
ROW = "Elevdata etter 1. termin og privatisteksamen høst"


@pytest.fixture(scope="module")
def staffed(tmp_path_factory):
    """A seeded ledger with two administrators and a coordinator, for each test to copy."""
    config = Settings(data_dir=tmp_path_factory.mktemp("staffed"))
    database = open_database(config.ledger_url)
    seed.seed(database)
    new_account(database, "Kari", Grant(Role.ADMINISTRATOR))
    new_account(database, "Ola", Grant(Role.ADMINISTRATOR))
    new_account(database, "Nina", Grant(Role.COORDINATOR))
    database.dispose()
    return config.data_dir / "aarshjul.db"


@pytest.fixture
def own(tmp_path, staffed):
    """Of a site with a ledger and a calendar.yaml of its own."""
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    config = Settings(
        data_dir=tmp_path, calendar=calendar_in(tmp_path, text), requests_per_minute=100_000
    )
    shutil.copy(staffed, tmp_path)
    database = open_database(config.ledger_url)
    yield config, database
    database.dispose()


@pytest.fixture
def site(own):
    app = seed.create_site(own[0])
    with on_a_port(app) as address:
        yield address
    app.extensions["aarshjul"].engine.dispose()


@pytest.fixture
def visit(browser, site):
    """A browser's page, of somebody who has signed in unless nobody is named."""
    contexts = []

    def open_for(path, name="", width=1280, **context):
        size = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=size, locale="nb-NO", **context))
        page = contexts[-1].new_page()
        page.goto(site + path)
        if name:
            sign_in(page, name)
        return page

    yield open_for
    for context in contexts:
        context.close()


def event_of(page, site, county):
    """What a subscriber in the county has of the row."""
    feed = page.request.get(f"{site}/kalender/{county}.ics").text().replace("\r\n ", "")
    event = feed[feed.index(f"UID:frist-{changed.MOVED}-2026-2027-only-{county}") :]
    return event.partition("END:VEVENT")[0]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_administrator_publishes_a_changed_date(visit, site, own, axe, width):
    FeedPublisher(*own).publish_if_stale()
    before = visit("/fylke/46")
    assert "DTSTART;VALUE=DATE:20270215" in event_of(before, site, "46")

    page = visit("/drift/kalender", "Kari", width)
    follow(page.get_by_role("link", name=ROW, exact=True))
    page.get_by_label("Ny dag").fill("2027-02-10")
    page.get_by_label("Vestland").check()
    page.get_by_label("Hvem som har bestemt det").fill("Udir")
    page.get_by_label("Hvordan vi vet det").select_option("P")
    page.locator("#grunn-flytt").fill("Kontoret flytter.")
    must_be_accessible(page, axe, width)
    follow(page.get_by_role("button", name="Foreslå den nye dagen"))
    page.wait_for_url("**/drift/kalender/forslag/1")
    assert page.get_by_text("En annen administrator må publisere det.").is_visible()
    must_be_accessible(page, axe, width)

    other = visit("/logg-inn?neste=/drift", "Ola", width)
    follow(other.get_by_role("link", name="Forslag 1 om å endre"))
    shown = other.locator("main").inner_text()
    for words in ("Én frist flyttes, ett fylke berøres.", "15.02.2027", "10.02.2027", "Udir"):
        assert words in shown, words
    must_be_accessible(other, axe, width)
    other.locator("#grunn-publiser").fill("Kontrollert mot brevet.")
    follow(other.get_by_role("button", name="Godkjenn og publiser"))
    other.get_by_role("link", name="Versjon 2: hva som ble endret").wait_for()
    assert other.locator("form[method=post]").count() == 0
    must_be_accessible(other, axe, width)

    FeedPublisher(*own).publish_if_stale()
    moved = event_of(before, site, "46")
    assert "DTSTART;VALUE=DATE:20270210" in moved
    assert "Kontoret flytter." in moved
    before.goto(f"{site}/forekomst/{changed.moved_key('46')}")
    assert "10. februar 2027" in before.locator("main").inner_text()
    assert "Kontoret flytter." in before.locator("main").inner_text()
    assert "DTSTART;VALUE=DATE:20270215" in event_of(before, site, "34")


def test_the_row_is_changed_without_scripts_and_a_fault_is_told_where_it_is(visit, axe):
    page = visit("/drift/kalender/rad/skole-off-termin1-feb", "Kari", java_script_enabled=False)
    block = page.locator("#blokk").input_value()
    page.locator("#blokk").fill(block.replace("15. februar", "31. februar"))
    page.locator("#grunn-blokk").fill("Flyttes.")
    follow(page.get_by_role("button", name="Foreslå raden slik"))
    fault = page.get_by_role("alert").inner_text()
    assert "Linje 9 her" in fault
    assert "februar har høyst 29 dager" in fault
    assert page.locator("#blokk").get_attribute("aria-describedby") == "feil"
    assert "31. februar" in page.locator("#blokk").input_value()
    page.locator("#blokk").fill(block.replace("15. februar", "13. februar"))
    follow(page.get_by_role("button", name="Foreslå raden slik"))
    page.wait_for_url("**/drift/kalender/forslag/1")
    assert page.locator(".difference .added").inner_text().count("13. februar") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_where_a_row_is_faulty(visit, axe, scheme):
    path = "/drift/kalender/rad/skole-off-termin1-feb"
    page = visit(path, "Kari", color_scheme=scheme)
    page.locator("#blokk").fill("  noe: annet")
    page.locator("#grunn-blokk").fill("Flyttes.")
    follow(page.get_by_role("button", name="Foreslå raden slik"))
    page.get_by_role("alert").wait_for()
    must_be_accessible(page, axe, 1280)


def test_the_coordinator_reads_a_row_that_scrolls_by_keyboard(visit, axe):
    path = "/drift/kalender/rad/skole-off-termin1-feb"
    page = visit(path, "Nina", 390)
    assert "15. februar" in page.locator("pre.file").inner_text()
    assert page.locator("form[method=post]").count() == 0
    must_be_accessible(page, axe, 390)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_administrator_makes_a_new_deadline_that_another_publishes_and_ends(
    visit, site, own, axe, width
):
    page = visit("/drift/kalender", "Kari", width)
    follow(page.get_by_role("link", name="Ny frist i Skole", exact=True))
    must_be_accessible(page, axe, width)
    empty = page.locator("#blokk").input_value()
    page.locator("#grunn-blokk").fill("Nytt krav fra Udir.")
    follow(page.get_by_role("button", name="Foreslå den nye raden"))
    assert "Feltet «name» har ingen verdi." in page.get_by_role("alert").inner_text()
    assert page.locator("#blokk").input_value() == empty
    must_be_accessible(page, axe, width)
    page.locator("#blokk").fill(filled(empty))
    follow(page.get_by_role("button", name="Foreslå den nye raden"))
    page.wait_for_url("**/drift/kalender/forslag/1")

    other = visit("/logg-inn?neste=/drift/kalender/forslag/1", "Ola", width)
    assert "To frister kommer til, 15 fylker berøres." in other.locator("main").inner_text()
    must_be_accessible(other, axe, width)
    other.locator("#grunn-publiser").fill("Kontrollert mot brevet.")
    follow(other.get_by_role("button", name="Godkjenn og publiser"))
    reader = visit("/frist/skole-ny")
    assert "Ny levering om våren" in reader.locator("h1").inner_text()

    other.goto(f"{site}/drift/kalender/rad/skole-ny")
    other.locator("#grunn-avslutt").fill("Kravet er trukket tilbake.")
    follow(other.get_by_role("button", name="Foreslå å avslutte fristen"))
    page.goto(f"{site}/drift/kalender/forslag/2")
    assert "To frister trekkes tilbake" in page.locator("main").inner_text()
    must_be_accessible(page, axe, width)
    page.locator("#grunn-publiser").fill("Det stemmer.")
    follow(page.get_by_role("button", name="Godkjenn og publiser"))
    follow(page.get_by_role("link", name="Foreslå det som sto før, igjen"))
    assert 'activity: "no"' not in page.locator("#blokk").input_value()
    must_be_accessible(page, axe, width)
    text = own[0].calendar.read_text(encoding="utf-8")
    assert text.count("#:") == 0
    assert text.index("  skole-ny:") < text.index("# --- Fagopplæring")
