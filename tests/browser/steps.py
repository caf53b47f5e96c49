"""What a person does in a page and sees there, each step whole before the next one is looked at."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.web.people import PASSWORD

ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
NARROW = 320
# What a contact's test asks for.
CODE = "048392"


def follow(target: Locator) -> None:
    """Press a link or a button that leads to another page, or to the same one anew.

    The press alone returns before the next page is there: what is asked of the page right
    afterwards would be asked of the old one, or of none at all.
    """
    with target.page.expect_navigation():
        target.click()


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Passord").fill(PASSWORD)
    follow(page.get_by_role("button", name="Logg inn"))


def say_what_for(page: Page, purpose: str) -> None:
    page.get_by_label("Formål", exact=True).select_option(label=purpose)
    follow(page.get_by_role("button", name="Se personene"))


def violations(page: Page, axe: Path, options: dict) -> list[tuple[str, str]]:
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        (violation["id"], node["html"][:160])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def must_fit(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def must_be_accessible(page: Page, axe: Path, width: int) -> None:
    must_fit(page, width)
    assert violations(page, axe, ONLY_VIOLATIONS) == []
