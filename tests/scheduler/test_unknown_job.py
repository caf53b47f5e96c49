"""A job that this release does not know: its run is parked and shown, and goes on in one that does."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from scheduler import daemon
from scheduler.engine.operate import order_retry
from scheduler.inbox import Kind, inbox
from scheduler.ledger.database import reading
from scheduler.ledger.tables import OccurrenceRow, RunRow
from scheduler.settings import read_settings
from tests.scheduler import live

COUNTY = "46"
JOB = "import-school"
KEY = f"{live.IMPORT}/{live.this_cycle()}/only/{COUNTY}"


@pytest.fixture
def settings(tmp_path):
    found = read_settings(
        data_dir=tmp_path / "data",
        database_url="",
        calendar=live.open_all_year(tmp_path, COUNTY),
    )
    live.put_in_inbox(found, COUNTY, "small")
    return found


def service(settings, monkeypatch, jobs):
    monkeypatch.setattr(daemon, "JOBS", jobs)
    return daemon.Service(settings, lambda: datetime.now(UTC))


def ends(service, state):
    """Tick until the only run is in that state."""

    def ended():
        service.tick()
        return live.run_states(service.database) == [state]

    live.wait_until(ended)


def test_a_run_of_an_unknown_job_is_parked_and_shown_and_goes_on_when_it_is_known(
    settings, monkeypatch
):
    without = {name: job for name, job in JOBS.items() if name != JOB}
    with service(settings, monkeypatch, without) as older:
        ends(older, "failed")
        older.tick()
        with reading(older.database) as session:
            (run,) = session.scalars(select(RunRow)).all()
            assert run.reasons == [f"Jobben «{JOB}» er ukjent i denne versjonen."]
            assert session.get_one(OccurrenceRow, KEY).outcome is None
            matters = inbox(session, older.ticker.calendar, older.clock())
            (shown,) = [each for each in matters if each.kind is Kind.FAILED]
        assert shown.url == f"/drift/frist/{KEY}"
        assert run.reasons[0] in f"{shown.sentence}."
        assert older.ticker.proof_fault == ""
    with service(settings, monkeypatch, JOBS) as newer:
        newer.tick()
        assert live.run_states(newer.database) == ["failed"], "a person says that it may go on"
        with Session(newer.database) as session, session.begin():
            calendar, now = newer.ticker.calendar, newer.clock()
            order_retry(session, calendar, KEY, "kari", "Vi har oppgradert", now)
        ends(newer, "done")
        assert live.count(newer.database, "receipt") == 1
        assert live.count(newer.database, "elevkurs") == live.lines_sent(settings)["elevkurs"] > 0
