"""What is open when a school year turns is not forgotten; what is early for the new one waits."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from jobs.api import StartsOn
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.decide import Candidate, LastRun, decide
from scheduler.engine.proving import Prover
from scheduler.engine.snapshot import read_candidates
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.publishing.dates import dates_sha256
from scheduler.publishing.rollover import (
    approve,
    ever_approved,
    startable,
    unapprove,
)
from tests.scheduler.small import SMALL, calendar_of, published

# Small, with the delivery due in July: its year turns four weeks later.
JULY = """
  en-juli:
    name: En levering i juli
    areas: [skole]
    kind: delivery
    scope: county
    receiver: udir
    audience: [alle]
    reference_date: 1. juli
    due: {date: 2. juli, shift: preceding}
    job: deliver-ssbelev
    evidence: {label: I}
    description: En levering sent i skoleåret.
"""
TEXT = SMALL.rstrip("\n") + "\n" + JULY
MOVED = TEXT.replace("date: 2. juli", "date: 6. juli")
BEGUN = datetime(2026, 9, 1, 8, tzinfo=UTC)
TURNED = datetime(2027, 8, 2, 8, tzinfo=UTC)
OLD, NEW = "2026-2027", "2027-2028"
KEY = f"en-juli/{OLD}/only/46"


@pytest.fixture
def database(sqlite_url):
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def calendar(database):
    published(database, TEXT, BEGUN)
    published(database, TEXT, TURNED)
    return calendar_of(TEXT)


def starts(database, calendar, now):
    with Session(database) as session:
        approved = startable(session, NEW, dates_sha256(calendar, NEW))
        return {s.key for s in decide(now, read_candidates(session, calendar, approved, {}, now))}


def test_what_is_open_when_the_year_turns_still_starts(database, calendar):
    assert KEY in starts(database, calendar, TURNED)


def test_the_proof_names_it_until_it_has_started(database, calendar):
    found = Prover(database, lambda _: {}).whole(calendar, TURNED + timedelta(hours=1))
    assert KEY in {finding.key for finding in found.findings}
    with Session(database) as session, session.begin():
        runs.waive(session, KEY, "kari", "prøve", TURNED)
    found = Prover(database, lambda _: {}).whole(calendar, TURNED + timedelta(hours=1))
    assert KEY not in {finding.key for finding in found.findings}


def test_the_proof_of_the_new_year_says_nothing_of_the_old(database, calendar):
    found = Prover(database, lambda _: {}).whole(calendar, TURNED + timedelta(hours=1), NEW)
    assert found.findings == ()


def test_a_new_calendar_does_not_take_the_approval_of_a_year_that_is_over(database, calendar):
    changed = calendar_of(MOVED)
    with Session(database) as session:
        assert startable(session, NEW, dates_sha256(changed, NEW)) == {OLD: True, NEW: False}


def test_an_approval_taken_back_is_none_when_the_year_is_over(database, calendar):
    with Session(database) as session, session.begin():
        unapprove(session, calendar, OLD, "Kari", "Feil", TURNED)
        assert not ever_approved(session, OLD)
        for name in ("Kari", "Ola"):
            approve(session, calendar, NEW, name, TURNED)
        assert startable(session, NEW, dates_sha256(calendar, NEW)) == {OLD: False, NEW: True}


def yearly(year, opens, outcome=None, last_run=None):
    return Candidate(
        key=f"en-import/{year}-{year + 1}/only/46",
        starts_on=StartsOn.ARRIVAL,
        due=date(year + 1, 6, 22),
        opens=opens,
        outcome=outcome,
        last_run=last_run,
        waiting_delivery=7,
    )


DONE = LastRun(1, "done", datetime(2027, 6, 20, 8, tzinfo=UTC), {"delivery_id": 6})


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2027, 6, 30), 2026),
        (date(2027, 8, 3), 2026),  # the year has turned: a correction, not next June's file
        (date(2027, 12, 1), 2026),
        (date(2028, 1, 1), None),  # nearer to the next: it waits for that one to open
        (date(2028, 5, 22), None),
        (date(2028, 5, 23), 2027),
    ],
)
@pytest.mark.parametrize("last_run", [None, DONE])
def test_a_file_between_two_years_speaks_for_the_deadline_it_is_nearest(day, year, last_run):
    line = [
        yearly(2026, date(2027, 5, 23), "done" if last_run else None, last_run),
        yearly(2027, date(2028, 5, 23)),
    ]
    now = datetime.combine(day, time(12), OSLO)
    assert [start.key for start in decide(now, line)] == (
        [f"en-import/{year}-{year + 1}/only/46"] if year else []
    )
