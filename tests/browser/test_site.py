"""The site in a real browser: accessible, within narrow screens, by keyboard, without scripts."""

import pytest

from tests.browser.pages import EVERY
from tests.browser.steps import NARROW, ONLY_VIOLATIONS, follow, must_fit, violations
from tests.browser.tab import WIDE, Tab
from tests.web.seed import delivery_key

ONLY_CONTRAST = {**ONLY_VIOLATIONS, "runOnly": ["color-contrast"]}
# The printable width of an A4 sheet with the site's margins of 14 mm, at 96 pixels an inch.
A4 = {"width": 688, "height": 1017}
# What takes longer than a hundredth of a second to move or fade.
MOVING = """[...document.querySelectorAll('*')].filter(element => {
  const style = getComputedStyle(element)
  const times = `${style.animationDuration},${style.transitionDuration}`.split(',')
  return times.some(time => parseFloat(time) > 0.01)
}).map(element => element.outerHTML.slice(0, 120))"""
# Signs of a state in the colour of the ground that they stand on.
UNSEEN = """[...document.querySelectorAll('.icon, .wheel .mark path')].filter(sign =>
  getComputedStyle(sign).fill === getComputedStyle(document.body).backgroundColor
).map(sign => sign.outerHTML.slice(0, 120))"""
# Tables that are kept together: a long one begins on a sheet of its own.
UNPARTED = """[...document.querySelectorAll('main table')].filter(table =>
  getComputedStyle(table).breakInside !== 'auto').map(table => table.className)"""
# What is folded, and cannot be read on paper.
FOLDED = """[...document.querySelectorAll('main details > :not(summary)')].filter(part =>
  !part.checkVisibility()).map(part => part.outerHTML.slice(0, 120))"""
# Tables whose rows are blocks on a narrow screen, and that have something beyond their edge all the same.
BEYOND = """[...document.querySelectorAll('.scroll:has(> .stacked)')].filter(region =>
  region.scrollWidth > region.clientWidth).map(region => region.ariaLabel)"""
PARTS_OF_TABLES = ("table", "row", "columnheader", "rowheader", "cell", "gridcell")
FOCUSED_MARK = "document.activeElement.closest('.mark')?.getAttribute('aria-label') ?? ''"


@pytest.fixture(scope="module")
def tab(browser, address, cookies):
    """Show a path in a tab that stays open, of whom the page is for and in a language.

    `complaints` is what the browser complained of since the tab was sent there.
    """
    tabs = {}

    def show(path, known, code="nb-NO"):
        if (known, code) not in tabs:
            tabs[known, code] = Tab.of(browser, code, cookies[known] if known else None)
        tabs[known, code].show(address + path)
        return tabs[known, code]

    yield show
    for each in tabs.values():
        each.page.context.close()


@pytest.fixture(scope="module", params=EVERY, ids=[path for path, _ in EVERY])
def seen(request, tab):
    """Each page, opened once for all that is asked of it."""
    path, known = request.param
    return tab(path, known)


def test_the_browser_has_nothing_to_complain_about(seen):
    assert [words for words in seen.complaints if "404" not in words] == []


def test_axe_finds_no_violation(seen, axe):
    assert violations(seen.page, axe, ONLY_VIOLATIONS) == []


def test_axe_finds_enough_contrast_in_the_dark(seen, axe):
    seen.page.emulate_media(color_scheme="dark")
    assert violations(seen.page, axe, ONLY_CONTRAST) == []
    seen.page.emulate_media(color_scheme="light")


def test_a_narrow_screen_never_scrolls_sideways(seen):
    seen.page.set_viewport_size({"width": NARROW, "height": 900})
    must_fit(seen.page, NARROW)
    seen.page.set_viewport_size(WIDE)


def test_rows_as_blocks_lie_within_a_narrow_screen_and_are_heard_as_a_table(seen):
    wide = parts_of_tables(seen.page)
    seen.page.set_viewport_size({"width": NARROW, "height": 900})
    assert seen.page.evaluate(BEYOND) == []
    assert parts_of_tables(seen.page) == wide
    seen.page.set_viewport_size(WIDE)


def parts_of_tables(page):
    """How many there are of each part of a table, as the browser tells a screen reader."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    return {part: roles.count(part) for part in PARTS_OF_TABLES}


def test_nothing_moves_for_who_wants_it_still(seen):
    seen.page.emulate_media(reduced_motion="reduce")
    assert seen.page.evaluate(MOVING) == []
    seen.page.emulate_media(reduced_motion="no-preference")


def test_forced_colours_leave_every_sign_to_be_seen(seen):
    seen.page.emulate_media(forced_colors="active")
    assert seen.page.evaluate(UNSEEN) == []
    seen.page.emulate_media(forced_colors="none")


def test_the_paper_holds_the_page_without_its_ways_around(seen):
    seen.page.emulate_media(media="print")
    seen.page.set_viewport_size(A4)
    must_fit(seen.page, A4["width"])
    assert seen.page.evaluate(UNPARTED) == []
    assert seen.page.evaluate(FOLDED) == []
    assert not seen.page.locator("header nav").first.is_visible()
    seen.page.set_viewport_size(WIDE)
    seen.page.emulate_media(media="screen")


@pytest.mark.parametrize("code", ["nn", "en"])
@pytest.mark.parametrize(("path", "known"), EVERY)
def test_axe_finds_no_violation_in_another_language(tab, axe, path, known, code):
    page = tab(path, known, code).page
    assert page.evaluate("document.documentElement.lang") == code
    assert violations(page, axe, ONLY_VIOLATIONS) == []


def test_the_whole_wheel_is_one_tab_stop_and_arrows_reach_every_mark(open_page):
    page = open_page("/?omrade=ot")
    marks = page.locator(".wheel .mark")
    every_label = set(marks.evaluate_all("marks => marks.map(m => m.getAttribute('aria-label'))"))
    assert page.locator(".wheel .mark[tabindex='0']").count() == 1
    page.locator(".wheel .mark[tabindex='0']").focus()
    reached = set()
    for _ in range(marks.count()):
        reached.add(page.evaluate(FOCUSED_MARK))
        page.keyboard.press("ArrowRight")
    assert reached == every_label
    page.keyboard.press("End")
    last = page.evaluate(FOCUSED_MARK)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED_MARK) != last


def test_without_scripts_every_mark_is_a_link_of_its_own(open_page):
    page = open_page("/?omrade=kodeverk", java_script_enabled=False)
    marks = page.locator(".wheel .mark")
    assert marks.count() == page.locator(".year-table tbody th[scope=row]").count() > 0
    assert page.locator(".wheel .mark[tabindex]").count() == 0
    marks.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/frist/**")


def test_a_mark_leads_to_its_deadline(open_page):
    page = open_page("/?fylke=34")
    page.locator(f".wheel a[href='/forekomst/{delivery_key('34')}']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/forekomst/{delivery_key('34')}")
    assert page.locator("h1").inner_text() == "ssbElev pr. 01.10, 1. levering"


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"


def test_the_filters_work_without_scripts(open_page):
    page = open_page("/tavle", java_script_enabled=False)
    page.select_option("#fylke", "46")
    follow(page.get_by_role("button", name="Vis", exact=True))
    assert page.locator(".board thead th").all_inner_texts() == ["Frist", "Vestland"]


def test_the_board_keeps_its_headings_in_view(open_page):
    page = open_page("/tavle?vis=alle")
    page.locator(".board-scroll").evaluate("region => region.scrollTo(0, 900)")
    region = page.locator(".board-scroll").bounding_box()
    heading = page.locator(".board thead th").first.bounding_box()
    assert abs(heading["y"] - region["y"]) <= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reader_decides_light_or_dark(open_page, scheme):
    page = open_page("/", color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (scheme == "light")


def test_no_marker_covers_another(open_page):
    page = open_page("/")
    places = page.locator(".wheel .mark").evaluate_all(
        "marks => marks.map(m => m.firstElementChild.nextElementSibling.getAttribute('transform'))"
    )
    assert len(set(places)) == len(places) > 100
