"""Pictures of the pages: those of the guides, which the site shows, and of every page at three widths.

With AARSHJUL_PICTURES set they are taken anew into the repository; else each must be there. A picture
shows the seeded site, in bokmål.
"""

import base64
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from scheduler.settings import PROJECT_ROOT
from tests.browser.pages import NAMED
from tests.browser.steps import say_what_for, sign_in
from tests.web.changed import moved_key

TAKEN_ANEW = bool(os.environ.get("AARSHJUL_PICTURES"))
ONLY_WHEN_TAKEN = pytest.mark.skipif(not TAKEN_ANEW, reason="AARSHJUL_PICTURES er ikke satt.")
GUIDES, PAGES = PROJECT_ROOT / "web/static/guides", PROJECT_ROOT / "docs/screenshots/pages"
WIDTHS = (320, 768, 1440)
TALLEST = 1200  # CSS pixels: what is below is more of the same
GUIDE_SIZE = (960, 600)
MOST_BYTES = 100_000
# A guide's picture -> the page it is of.
IN_GUIDES = {
    "abonner": "abonner",
    "drift": "drift",
    "forekomst": "forekomst-stoppet",
    "fylke": "fylke",
    "kvalitet": "kvalitet",
    "kvitter": "kvitter",
    "lever": "lever",
    "styr": "styr",
    "tavle": "tavle",
}
OPEN = {name: (path, known) for name, path, known in NAMED}
# Shut pages that are asked what for: the account that reads them, and the address.
OF_PERSONS = {
    "ot-formal": ("OT Vestland", "/ot/46/personer"),
    "ot-personer": ("OT Vestland", "/ot/46/personer"),
    "ot-personer-inn": ("OT Vestland", "/ot/46/personer/inn"),
    "ot-person": ("OT Vestland", "/ot/46/person/1"),
    "ot-skjermet": ("Sentralen", "/ot/46/skjermet"),
}
NOT_THERE = "/finnes-ikke"
NO_PAGES = {
    "static",
    "openapi",
    "public.robots",
    "public.favicon",
    "health.report",
    "metrics.report",
    "pages.wheel_svg",
    "poster.poster",
    "selected.front",
    "selected.file",
    "month.current",
    "quality.lines",
    "cards.pdf",
    "cards.facts",
    "cards.year",
    "cards.year_of_county",
    "sign_in.go",
    "sign_in.answer",
}
ASKED = "ot-formal"
# What a letter leads to has a secret in its address.
LETTERS = {
    "kvitter": "/kvitter/<token>",
    "svar": "/svar/<token>/<path:key>",
    "avmeld": "/avmeld/<token>",
    "bekreft": "/bekreft/<token>",
}
# Those of persons first: the log of reads then shows who looked.
OF_PAGES = [*OF_PERSONS, *OPEN, *LETTERS]


@pytest.fixture
def opened(open_page, notice_path, token):
    """Open a page by its name at a width."""

    def of_letter(name: str) -> str:
        if name == "kvitter":
            return notice_path("34")
        return LETTERS[name].replace("<token>", token).replace("<path:key>", moved_key("18"))

    def of_persons(name: str, width: int) -> Page:
        account, path = OF_PERSONS[name]
        page = open_page(path, width)
        sign_in(page, account)
        if name != ASKED:
            say_what_for(page, "Kontrollere en overføring")
        return page

    def open_named(name: str, width: int) -> Page:
        if name in OF_PERSONS:
            return of_persons(name, width)
        path, known = OPEN.get(name) or (of_letter(name), False)
        return open_page(path, width, known=known)

    return open_named


def take(page: Page, into: Path, height: int, quality: int) -> None:
    """What the page shows from its top down to `height`, as WebP."""
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height, "scale": 1}
    asked = {"format": "webp", "quality": quality, "captureBeyondViewport": True, "clip": clip}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_bytes(base64.b64decode(taken["data"]))


@ONLY_WHEN_TAKEN
def test_the_guides_pictures_are_taken(opened):
    width, height = GUIDE_SIZE
    for name, page in IN_GUIDES.items():
        take(opened(page, width), GUIDES / f"{name}.webp", height, 60)


@ONLY_WHEN_TAKEN
@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_taken_at_each_width(opened, width):
    for name in OF_PAGES:
        page = opened(name, width)
        whole = page.evaluate("document.documentElement.scrollHeight")
        take(page, PAGES / f"{name}-{width}.webp", min(whole, TALLEST), 35)


def test_every_page_that_there_is_has_a_picture(app):
    """Each address that answers with a page of ours; a file, a list for programs and a way on is none."""
    places = app.url_map.bind("localhost")
    paths = [path for path, _ in OPEN.values()] + [path for _, path in OF_PERSONS.values()]
    pictured = {places.match(path.partition("?")[0])[0] for path in paths if path != NOT_THERE}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.rule not in LETTERS.values()
    }
    unpictured = {name for name in pages - pictured if not name.startswith("api.")}
    assert unpictured == NO_PAGES


def test_every_picture_is_there_and_small():
    wanted = {GUIDES / f"{name}.webp" for name in IN_GUIDES}
    wanted |= {PAGES / f"{name}-{width}.webp" for name in OF_PAGES for width in WIDTHS}
    there = {*GUIDES.iterdir(), *PAGES.iterdir()}
    assert there == wanted
    assert [path.name for path in sorted(there) if path.stat().st_size > MOST_BYTES] == []


@pytest.mark.parametrize("path", ["/veiledning/drift", "/veiledning/fylke"])
def test_a_guide_shows_its_pictures(open_page, path):
    page = open_page(path)
    pictures = page.locator(".picture img")
    sizes = pictures.evaluate_all("images => images.map(i => [i.naturalWidth, i.naturalHeight])")
    assert len(sizes) >= 4
    assert {tuple(size) for size in sizes} == {GUIDE_SIZE}
