"""What the pages ask the ledger: few questions, and no more of them the more school years it holds."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from scheduler.inbox import inbox
from scheduler.ledger.planned import planned_by_row
from scheduler.ledger.predecessors import awaited
from scheduler.ledger.read import current_calendar, items
from scheduler.ledger.tables import OccurrenceRow
from scheduler.matters.matter import Kind
from tests.web import seed

EARLIER = "2020-2021"
LONG_AGO, NOT_YET = date(2020, 10, 23), date(2026, 12, 1)
NEXT, FINAL, FIRST = "2027-2028", "stat-ssbresultat-endelig", "stat-ssbresultat-l1"
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


PAGES = [
    "/",
    "/tavle",
    "/maaned/2026-10",
    "/fylke/46",
    "/endringer",
    "/varsler",
    f"/frist/{seed.DELIVERY}",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_at_most_twelve_questions(app, operator, page):
    assert len(asked_for(app, operator, page)) <= MOST


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
