"""Fixtures: the seeded site on a real port, and a real Chromium."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.access.roles import Grant, Role
from scheduler.ledger.database import open_database
from scheduler.ledger.read import version_in_use
from scheduler.notify.tables import ContactRow
from scheduler.settings import Settings
from tests.browser.steps import CODE
from tests.serving import on_a_port
from tests.web import cards_seeded, changed, feedback_seeded
from tests.web.people import new_account, signed_in
from tests.web.persons_seen import populate
from tests.web.seed import NOW, create_site, delivery_key, seed

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OpenPage = Callable[..., Page]
Cookies = dict[bool | Role, dict[str, str]]


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a seeded site where a second version has moved a date, and a third waits for approval."""
    folder = tmp_path_factory.mktemp("site")
    config = Settings(data_dir=folder, calendar=folder / "calendar.yaml")
    database = open_database(config.ledger_url)
    seed(database)
    changed.move(database)
    with Session(database) as session, session.begin():
        config.calendar.write_text(version_in_use(session), encoding="utf-8")
        changed.propose(session)
    changed.send(database)
    with Session(database) as session, session.begin():
        feedback_seeded.listed(session, cards_seeded.sent(session, delivery_key("46")))
        cards_seeded.slip(session, delivery_key("46"))
    database.dispose()
    return config


@pytest.fixture(scope="session")
def app(config: Settings) -> Iterator[Flask]:
    app = create_site(config.model_copy(update={"requests_per_minute": 100_000}))
    yield app
    app.extensions["aarshjul"].engine.dispose()


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the seeded site answers."""
    with on_a_port(app) as address:
        yield address


@pytest.fixture(scope="session")
def cookies(app: Flask, config: Settings, address: str) -> Cookies:
    """The cookies of browsers where somebody has signed in: an operator (True), or the role."""
    database = open_database(config.ledger_url)
    names = {True: "Driftsvakta", Role.ADMINISTRATOR: "Systemeier"}
    found = {}
    for known, name in names.items():
        role = Role.OPERATOR if known is True else known
        client = signed_in(app.test_client(), database, role, name=name)
        value = client.get_cookie("aarshjul").value
        found[known] = {"name": "aarshjul", "value": value, "url": address}
    database.dispose()
    return found


# For a module and not the session: while it lives, its event loop runs in this thread, and the
# durable engine refuses to start beside one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert chromium, "Nettlesertestene trenger Chromium: kjør sh tests/setup.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str, cookies: Cookies) -> Iterator[OpenPage]:
    """Open a path of the site, as whom `known` says; other keyword arguments are the context's."""
    contexts = []

    def open_path(path: str, width: int = 1440, *, known: bool | Role = False, **context) -> Page:
        settings = {"viewport": {"width": width, "height": 900}, "locale": "nb-NO", **context}
        contexts.append(browser.new_context(**settings))
        if known:
            contexts[-1].add_cookies([cookies[known]])
        page = contexts[-1].new_page()
        page.goto(address + path)
        return page

    yield open_path
    for context in contexts:
        context.close()


@pytest.fixture
def notice_path(config: Settings) -> Callable[[str], str]:
    """The path where a county answers the second version."""

    def path_of(county: str) -> str:
        database = open_database(config.ledger_url)
        with Session(database) as session:
            (token,) = changed.tokens(session, 2, county)
        database.dispose()
        return f"/kvitter/{token}"

    return path_of


@pytest.fixture(scope="session")
def axe() -> Path:
    script = Path(__file__).parents[1] / "clients/node_modules/axe-core/axe.min.js"
    assert script.exists(), "Nettlesertestene trenger axe-core: kjør sh tests/setup.sh"
    return script


@pytest.fixture(scope="session")
def county(config: Settings) -> Iterator[Engine]:
    """Somebody on each list of Vestland, an account for the ordinary ones and one for the protected."""
    database = open_database(config.ledger_url)
    populate(database)
    new_account(database, "OT Vestland", Grant(Role.OT, "46"))
    new_account(database, "Sentralen", Grant(Role.OT_PROTECTED, "46"))
    new_account(database, "Sjefen", Grant(Role.ADMINISTRATOR))
    yield database
    database.dispose()


@pytest.fixture
def token(config: Settings, request: pytest.FixtureRequest) -> str:
    """Of a contact in Nordland who has been sent a test, one for each test."""
    database = open_database(config.ledger_url)
    with Session(database) as session, session.begin():
        contact = ContactRow(
            scope="18",
            role="fylke-skole",
            address=f"{request.node.name}@fylke18.example",
            created_at=NOW,
            test_code=CODE,
        )
        session.add(contact)
        session.flush()
        found = contact.token
    database.dispose()
    return found
