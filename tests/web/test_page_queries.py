"""What the pages ask the ledger: few questions, and no more of them the more school years it holds."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from scheduler.access.roles import OF_A_COUNTY, Grant, Role
from scheduler.inbox import inbox
from scheduler.ledger import rehearsals
from scheduler.ledger.database import open_database
from scheduler.ledger.pausing import begin
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.predecessors import awaited
from scheduler.ledger.read import current_calendar, items
from scheduler.ledger.tables import OccurrenceRow
from scheduler.matters.matter import Kind
from scheduler.settings import Settings
from tests.browser.pages import EVERY
from tests.web import seed
from tests.web.people import let_in, new_account

EARLIER = "2020-2021"
LONG_AGO, NOT_YET = date(2020, 10, 23), date(2026, 12, 1)
NEXT, FINAL, FIRST = "2027-2028", "stat-ssbresultat-endelig", "stat-ssbresultat-l1"
OCCURRENCES = [f"/forekomst/{seed.delivery_key(county)}" for county in ("34", "39", "46", "55")]
MOST = 12


@contextmanager
def asked_of(app):
    """The statements that go to the ledger meanwhile."""
    asked = []

    def note(_connection, _cursor, statement, *_others):
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    database = app.extensions["aarshjul"].engine
    event.listen(database, "before_cursor_execute", note)
    yield asked
    event.remove(database, "before_cursor_execute", note)


def asked_for(app, client, page):
    with asked_of(app) as asked:
        assert client.get(page).status_code == 200
    return asked


def in_an_earlier_year(engine, cycle=EARLIER, due=LONG_AGO):
    """Copy one county's delivery of this year into an earlier one, open; its key."""
    with Session(engine) as session, session.begin():
        now = session.get_one(OccurrenceRow, seed.delivery_key("34"))
        columns = (column.name for column in OccurrenceRow.__table__.columns)
        key = now.key.replace(seed.CYCLE, cycle)
        same = {name: getattr(now, name) for name in columns}
        session.add(OccurrenceRow(**{**same, "key": key, "cycle": cycle, "due": due}))
        return key


def every_role(app, engine):
    """A browser of somebody who may see every page."""
    grants = [Grant(role, "46" if role in OF_A_COUNTY else "") for role in Role]
    return let_in(app.test_client(), engine, new_account(engine, "Alle roller", *grants))


def asks_much(engine):
    """What a page has most to ask of: something that failed, is held, is on hold, was rehearsed."""
    with Session(engine) as session, session.begin():
        seed.undone(session, seed.delivery_key("34"), "failed", seed.REASON)
        seed.file_held(session, "55")
        calendar = current_calendar(session)
        begin(session, calendar, None, "46", None, "Kari Nordmann", "Flytting.", seed.NOW)
        row = session.get_one(OccurrenceRow, seed.delivery_key("39"))
        made = rehearsals.request(session, row, 5, 1, "deliver-rehearsal", seed.NOW)
        rehearsals.settle(session, made.id, [rehearsals.broken_off("Brutt.")], seed.NOW)
    in_an_earlier_year(engine, "2025-2026")


@pytest.mark.parametrize("page", sorted({*(path for path, _ in EVERY), f"/frist/{seed.DELIVERY}"}))
def test_a_page_asks_at_most_twelve_questions(unlimited, engine, page):
    asks_much(engine)
    client = every_role(unlimited, engine)
    with asked_of(unlimited) as asked:
        client.get(page)
    assert len(asked) <= MOST, "\n".join(asked)


def test_the_pages_of_a_server_ask_no_more(tmp_path, postgres_url):
    config = Settings(data_dir=tmp_path, database_url=postgres_url, requests_per_minute=1_000_000)
    engine = open_database(postgres_url)
    seed.seed(engine)
    asks_much(engine)
    app = seed.create_site(config)
    client = every_role(app, engine)
    found = {}
    for page in ("/", "/tavle", "/fylke/46", "/drift", "/endringer", *OCCURRENCES):
        found[page] = len(asked_for(app, client, page))
    app.extensions["aarshjul"].engine.dispose()
    engine.dispose()
    assert {page: asked for page, asked in found.items() if asked > MOST} == {}


def test_nothing_is_asked_twice_on_a_page(app, engine, operator):
    with Session(engine) as session, session.begin():
        seed.undone(session, seed.delivery_key("34"), "failed", seed.REASON)
    for page in ("/tavle", "/drift", f"/forekomst/{seed.delivery_key('34')}"):
        asked = asked_for(app, operator, page)
        tables = ("calendar_version", "node", "pause", "approval")
        assert [sum(f"FROM {table} " in q for q in asked) <= 1 for table in tables] == [True] * 4


def test_what_waits_is_found_with_as_many_questions_the_more_years_there_are(app, engine, operator):
    few = asked_for(app, operator, "/drift")
    for year in range(2015, 2021):
        in_an_earlier_year(engine, f"{year}-{year + 1}")
    assert len(asked_for(app, operator, "/drift")) == len(few)


@pytest.mark.parametrize(
    ("state", "due", "kind"),
    [
        ("failed", NOT_YET, Kind.FAILED),
        ("refused", NOT_YET, Kind.REFUSED),
        (None, LONG_AGO, Kind.NOT_STARTED),
    ],
)
def test_what_waits_from_an_earlier_year_is_told_still(engine, state, due, kind):
    key = in_an_earlier_year(engine, due=due)
    with Session(engine) as session, session.begin():
        if state:
            seed.undone(session, key, state, seed.REASON)
    with Session(engine) as session:
        matters = inbox(session, current_calendar(session), seed.NOW)
    assert [matter.kind for matter in matters if key in matter.url] == [kind]


def test_what_belongs_to_the_school_year_before_is_waited_for(engine):
    with Session(engine) as session:
        calendar = current_calendar(session)
        planned = planned_by_row(session, calendar, seed.NOW, [NEXT])
        found = [item.occurrence for item in items(session, calendar, NEXT, seed.NOW)]
    finals = [occurrence for occurrence in found if occurrence.deliverable == FINAL]
    assert finals
    name = calendar.deliverables[FIRST].name
    assert all(name in awaited(final, calendar, planned) for final in finals)
