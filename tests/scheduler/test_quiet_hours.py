"""Quiet hours hold a delivery, say so, and let go; a person may go past them with a yes of its own."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.silence import quiet_until
from scheduler.engine.decide import decide
from scheduler.engine.leave import Leave
from scheduler.engine.operate import order_retry, order_run
from scheduler.engine.snapshot import read_candidates
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.ledger.read import items
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow
from tests.scheduler.small import SMALL, calendar_of, published

CYCLE = "2026-2027"
QUIET = 'udir: {name: Udir, quiet: {from: "22:00", to: "06:00", non_working_days: true}}'
TEXT = (
    SMALL.replace("udir: {name: Udir}", QUIET)
    + """
  en-sending:
    name: En sending
    areas: [skole]
    kind: delivery
    scope: national
    receiver: udir
    audience: [alle]
    reference_date: 1. oktober
    due: {date: 24. oktober, shift: none}
    job: deliver-ssbelev
    evidence: {label: I}
    description: En sending.
"""
)
KEY = f"en-sending/{CYCLE}/only/national"
CALENDAR = calendar_of(TEXT)


def at(day, hour, minute=0):
    return datetime(2026, 10, day, hour, minute, tzinfo=OSLO)


SATURDAY, MONDAY = at(24, 6), at(26, 6)  # the clock goes back on the Sunday between


@pytest.fixture
def session(sqlite_url):
    engine = open_database(sqlite_url)
    published(engine, TEXT)
    with Session(engine) as opened, opened.begin():
        yield opened
    engine.dispose()


def starts(session, now):
    found = read_candidates(session, CALENDAR, {CYCLE: True}, {}, now)
    return [start.key for start in decide(now, found)]


def label(session, now):
    (found,) = [i.status.label for i in items(session, CALENDAR, CYCLE, now) if i.key == KEY]
    return found


def test_what_is_due_on_a_day_off_waits_for_the_morning_after_and_says_so(session):
    assert starts(session, SATURDAY) == []
    assert label(session, SATURDAY) == "Frist i dag, venter til 26. oktober kl. 06.00"
    assert label(session, at(25, 23)) == "Forsinket, venter til 06.00"
    assert starts(session, at(26, 5, 59)) == []
    assert starts(session, MONDAY) == [KEY]
    assert label(session, MONDAY) == "Forsinket"


def test_a_person_goes_past_them_with_a_yes_of_its_own_and_the_log_says_so(session):
    for leave in (Leave(), Leave(forced=True), Leave(over_pause=True)):
        with pytest.raises(LedgerError, match=r"venter til 26\. oktober .* stille tid"):
            order_run(session, CALENDAR, KEY, "kari", "haster", SATURDAY, leave)
    run = order_run(session, CALENDAR, KEY, "kari", "haster", SATURDAY, Leave(over_quiet=True))
    (row,) = session.scalars(select(DecisionRow)).all()
    assert (row.action, row.detail["quiet"]) == ("force", "2026-10-26T05:00:00+00:00")
    runs.settle_undone(session, run.id, "failed", ["Feil."], SATURDAY)
    with pytest.raises(LedgerError, match="stille tid"):
        order_retry(session, CALENDAR, KEY, "kari", "haster", SATURDAY)
    order_retry(session, CALENDAR, KEY, "kari", "haster", SATURDAY, "", Leave(over_quiet=True))


def test_what_is_sent_is_held_at_night_and_what_comes_in_never_is():
    sending, arriving = CALENDAR.deliverables["en-sending"], CALENDAR.deliverables["en-import"]
    received_there = arriving.model_copy(update={"receiver": "udir"})
    assert quiet_until(CALENDAR, sending, at(14, 23)) == at(15, 6)
    assert quiet_until(CALENDAR, received_there, at(14, 23)) is None
