"""Nothing that everybody can read names a person: every open page, API answer and feed of a full ledger."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy.orm import Session

from scheduler.access.roles import Grant, Role
from scheduler.feeds.building import build_feeds
from scheduler.feeds.store import publish_feeds
from scheduler.ledger.database import open_database
from scheduler.ledger.read import published_calendar
from tests.web import planted, seed
from tests.web.api.asking import bearer, new_key
from tests.web.pdf_text import text_of
from tests.web.people import let_in, new_account
from web.access.asked import PREFIX
from web.access.rights import RIGHTS, By

KEYS = (
    planted.WAIVED,
    planted.STARTED,
    planted.CANCELLED,
    planted.UNCERTAIN,
    planted.NOTHING,
)
# What fills the parts of the open addresses, each in turn.
PARTS = {
    "filename": ["site.css"],
    "number": ["46", "2"],
    "deliverable": [key.split("/")[0] for key in KEYS],
    "key": KEYS,
    "month": ["2026-10"],
    "cycle": [seed.CYCLE, planted.NEXT_YEAR],
    "provider": [],
    "form": ["ics", "csv", "json"],
}
# What is asked of them: everything, and a county's in another language, which the API has none of.
OF_PAGES = ("", "?fylke=46&lang=en")
OF_THE_API = ("", "?fylke=46")
FEEDS = [
    "/endringer.atom",
    *(
        f"/kalender/{name}"
        for whose in ("alle", "46")
        for name in (f"{whose}.ics", f"{whose}/oppgaver.ics", f"{whose}.csv", f"{whose}.json")
    ),
]


@pytest.fixture(scope="module")
def full(moved_file, tmp_path_factory):
    """A file full of names, and the pupil's identity number in it."""
    path = Path(copy(moved_file, tmp_path_factory.mktemp("full")))
    engine = open_database(f"sqlite:///{path}")
    number = planted.plant(engine)
    engine.dispose()
    return path, number


@pytest.fixture
def number(engine, full):
    """The ledger full of names; the pupil's identity number."""
    path, number = full
    with closing(sqlite3.connect(path)) as kept, engine.connect() as connection:
        kept.backup(connection.connection.driver_connection)
    return number


@pytest.fixture
def feeds(engine, number, config):
    with Session(engine) as session:
        calendar = published_calendar(session)
        publish_feeds(build_feeds(session, calendar, config), config.feed_dir)


def addresses(app):
    """Every open address with what can be asked of it."""
    for rule in app.url_map.iter_rules():
        if RIGHTS[rule.endpoint].by is By.ANYBODY and "GET" in rule.methods:
            asked = OF_THE_API if rule.rule.startswith(PREFIX) else OF_PAGES
            yield from (path + of for path in paths(rule) for of in asked)
    yield from FEEDS


def paths(rule):
    if rule.arguments >= {"deliverable", "cycle", "stage", "scope"}:
        names = ("deliverable", "cycle", "stage", "scope")
        return [built(rule, dict(zip(names, key.split("/"), strict=True))) for key in KEYS]
    found = [{}]
    for name in rule.arguments:
        found = [{**one, name: value} for one in found for value in PARTS[name]]
    return [built(rule, one) for one in found]


def built(rule, parts):
    return "/" + rule.build(parts)[1].lstrip("/")


def read(client, path, **headers):
    """What there is to read at an address, in small letters; nothing where it says no."""
    with client.get(path, headers=headers) as answer:
        assert answer.status_code < 500, path
        if answer.status_code != 200:
            return ""
        found = answer.data
    text = text_of(found) if found.startswith(b"%PDF") else found.decode()
    return text.casefold()


def test_no_open_address_names_anybody(unlimited, number, feeds):
    client = unlimited.test_client()
    pages = {path: read(client, path) for path in addresses(unlimited)}
    assert sum(map(bool, pages.values())) > 80
    told = [
        (path, word)
        for path, text in pages.items()
        for word in (planted.PLANTED.casefold(), number)
        if word in text
    ]
    assert told == []


PAGES = (
    "/endringer",
    "/endringer/2",
    "/drift",
    f"/skolear/{planted.NEXT_YEAR}",
    *(f"/forekomst/{key}" for key in KEYS),
)
ANSWERS = (
    "/api/v1/versions",
    "/api/v1/notices?fylke=46",
    "/api/v1/pauses",
    f"/api/v1/cycles/{planted.NEXT_YEAR}",
    *(f"/api/v1/occurrences/{key}" for key in KEYS),
)


def named_in(text):
    return {name for name in planted.ON_PAGES if name.casefold() in text}


def test_those_who_run_the_service_read_every_name(unlimited, engine, number):
    """Also the proof that the names are there to be read."""
    account = new_account(engine, "Vakt", Grant(Role.OPERATOR))
    client = let_in(unlimited.test_client(), engine, account)
    shown = " ".join(read(client, path) for path in (*PAGES, "/varsler?fylke=46"))
    assert named_in(shown) == set(planted.ON_PAGES)
    assert f"550 &lt;{planted.ADDRESS}&gt;" in shown


def test_a_national_key_reads_every_name(unlimited, engine, number):
    client, header = unlimited.test_client(), bearer(new_key(engine, "national"))
    shown = " ".join(read(client, path, **header) for path in ANSWERS)
    assert named_in(shown) == set(planted.ON_PAGES)


def test_a_county_reads_the_names_in_its_own_matters_alone(unlimited, engine, number):
    account = new_account(engine, "Fylket", Grant(Role.COUNTY, "46"))
    client = let_in(unlimited.test_client(), engine, account)
    theirs = {planted.CONTACT, planted.REPORTER, planted.OPERATOR}  # it set their county on pause
    assert named_in(" ".join(read(client, path) for path in PAGES)) == theirs
    header = bearer(new_key(engine, "46"))
    stranger = unlimited.test_client()
    shown = " ".join(read(stranger, path, **header) for path in ANSWERS)
    assert named_in(shown) == theirs


def test_a_browser_that_is_signed_in_gets_no_names_from_the_api(unlimited, engine, number):
    account = new_account(engine, "Vakt", Grant(Role.OPERATOR))
    client = let_in(unlimited.test_client(), engine, account)
    assert named_in(" ".join(read(client, path) for path in ANSWERS)) == set()


def test_a_stranger_reads_the_roles_instead(unlimited, number):
    client = unlimited.test_client()
    waived = read(client, f"/forekomst/{planted.WAIVED}")
    assert "fritak, driftsvakt. avtalt" in waived
    assert "fritak tatt tilbake, den nasjonale nøkkelen. avtalt" in waived
    assert "startet av en person." in read(client, f"/forekomst/{planted.STARTED}")
    assert "godkjent av en person og en person." in read(client, f"/skolear/{planted.NEXT_YEAR}")
    assert "bestemt av en person" in read(client, "/endringer/2")
    assert "(driftsvakt, 27. oktober 2026)" in read(client, "/drift")
    assert "started by a person." in read(client, f"/forekomst/{planted.STARTED}?lang=en")
