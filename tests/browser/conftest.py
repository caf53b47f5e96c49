"""Fixtures: the seeded site on a real port, and a real Chromium."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from tests.serving import on_a_port
from tests.web import changed
from tests.web.seed import create_site, seed

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


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a seeded site where a second version has moved a date."""
    config = Settings(data_dir=tmp_path_factory.mktemp("site"))
    database = open_database(config.ledger_url)
    seed(database)
    changed.move(database)
    changed.send(database)
    database.dispose()
    return config


@pytest.fixture(scope="session")
def address(config: Settings) -> Iterator[str]:
    """Where the seeded site answers."""
    app = create_site(config)
    with on_a_port(app) as address:
        yield address
    app.extensions["aarshjul"].engine.dispose()


# For a module and not the session: while it lives, its event loop runs in this thread, and the
# durable engine refuses to start beside one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "Nettlesertestene trenger Chromium: kjør sh tests/setup.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Open a path of the site; keyword arguments are the browser context's."""
    contexts = []

    def open_path(path: str, width: int = 1440, **context) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
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
