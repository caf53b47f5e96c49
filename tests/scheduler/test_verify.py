"""`aarshjul verify`, and the proof without a tick at hand: what some tick should have started by now."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.engine.proving import Prover
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.ledger.proof import Sort
from scheduler.ledger.tables import OccurrenceRow
from scheduler.publishing.publish import publish
from scheduler.settings import settings
from tests.planned import CALENDAR, WHOLE, calendar_in, starting_only
from tests.scheduler.live import this_cycle
from tests.scheduler.small import SMALL, calendar_of, published

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IMPORT = "en-import/2026-2027/only/46"
DELIVERY = "stat-ssbelev-l1/2026-2027/first/46"
AWAITED = ("skole-off-telling-okt", "skole-priv-telling-okt")
WAITING = "deliver-ssbelev"  # starts when others are done
FEWER = starting_only(CALENDAR, WAITING)


@pytest.fixture
def waiting_year(tmp_path, monkeypatch):
    """The command's calendar is one in which nothing may start before something else is done."""
    folder = tmp_path / "calendar"
    folder.mkdir()
    path = calendar_in(folder, starting_only(WHOLE, WAITING))
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(path))


@pytest.mark.usefixtures("waiting_year")
def test_json_holds_the_numbers_and_no_finding(run):
    run("plan")
    found = json.loads(run("verify", "--json").stdout)
    assert found["targets"] > 2000
    assert (found["runs"], found["receipts"], found["findings"]) == (0, 0, [])


@pytest.mark.usefixtures("waiting_year")
def test_one_school_year_is_verified_alone(run):
    run("plan")
    year = this_cycle()
    key = f"skole-off-telling-okt/{year}/only/46"
    database = open_database(settings().ledger_url)
    with Session(database) as session, session.begin():
        session.get_one(OccurrenceRow, key).outcome = "done"
    database.dispose()
    mine = run("verify", "--school-year", year)
    assert mine.exit_code == 1
    assert mine.stdout.startswith(key)
    following = f"{int(year[:4]) + 1}-{int(year[5:]) + 1}"
    other = run("verify", "--school-year", following)
    assert other.exit_code == 0
    assert other.stdout.endswith("Alt stemmer.\n")
    assert run("verify", "--school-year", "2026").exit_code == 2


def test_before_the_first_plan_it_says_what_to_do(run):
    run("db", "upgrade")
    answer = run("verify")
    assert answer.exit_code == 1
    assert "Basen har ingen kalender ennå" in answer.stderr


def test_what_is_due_and_nobody_started_is_named_when_a_tick_has_had_its_time(database):
    calendar = calendar_of(FEWER)
    with Session(database) as session, session.begin():
        publish(session, calendar, FEWER, "Kari", "", NOW)
        for row in session.scalars(
            select(OccurrenceRow).where(
                OccurrenceRow.deliverable.in_(AWAITED), OccurrenceRow.cycle == "2026-2027"
            )
        ):
            runs.settle(row, "waived", NOW)
    prover = Prover(database, dict.fromkeys)
    assert prover.whole(calendar, NOW + timedelta(seconds=59)).findings == ()
    found = prover.whole(calendar, NOW + timedelta(seconds=61)).findings
    assert (Sort.FROZEN, DELIVERY) in [(each.sort, each.key) for each in found]
    assert {each.sort for each in found} == {Sort.FROZEN}


def test_a_run_that_ends_or_begins_while_we_look_is_no_finding(database):
    published(database, now=NOW)
    first, second = f"{IMPORT}#1", f"{IMPORT}#2"
    with Session(database) as session, session.begin():
        ordered(session, 1).state = "running"

    def meanwhile(running):
        """The first run ends as the engine is asked, and the next is handed to it."""
        assert running == [first]
        with Session(database) as session, session.begin():
            runs.settle_undone(session, first, "refused", ["Årsak."], NOW)
            ordered(session, 2).state = "running"
        return {first: "SUCCESS"}

    assert Prover(database, meanwhile).look(calendar_of(SMALL), NOW).findings == ()
    [lost] = Prover(database, dict.fromkeys).look(calendar_of(SMALL), NOW).findings
    assert (lost.sort, lost.key) == (Sort.LOST, second)


def ordered(session, number):
    row = session.get_one(OccurrenceRow, IMPORT)
    return runs.request_run(session, row, number, "import-school", {}, "Kari", NOW)


def test_a_run_that_was_retried_has_its_time_from_then(database):
    published(database, now=NOW)
    later = NOW + timedelta(days=2)
    with Session(database) as session, session.begin():
        ordered(session, 1).state = "running"
    working = Prover(database, lambda running: dict.fromkeys(running, "PENDING"))
    assert [each.sort for each in working.look(calendar_of(SMALL), later).findings] == [Sort.FROZEN]
    with Session(database) as session, session.begin():
        runs.decide(session, "Kari", "retry", IMPORT, "Nytt forsøk", later)
    assert working.look(calendar_of(SMALL), later).findings == ()
