"""A backup of a running service, restored elsewhere, goes on as if nothing had happened."""

import os

import pytest
from sqlalchemy import text

from scheduler.backup.restoring import restore
from scheduler.backup.taking import take
from scheduler.engine.durable import read_steps
from scheduler.ledger.database import open_database
from scheduler.settings import read_settings
from tests import postgres
from tests.scheduler import live

COUNTY = "56"
STEPS = ["control", "load", "report", "receipt", "settle"]


@pytest.fixture(params=["sqlite", "postgres"])
def places(tmp_path, request, monkeypatch):
    """Settings of a service that is not started yet, and of the place it is restored to."""
    monkeypatch.setenv("AARSHJUL_TICK_SECONDS", "0.5")
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(live.open_all_year(tmp_path, COUNTY)))
    urls = ["", ""]
    if request.param == "postgres":
        programs = postgres.client_programs()
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        urls = [request.getfixturevalue(f"{name}_url") for name in ("empty_postgres", "postgres")]
    folders = [tmp_path / "here", tmp_path / "there"]
    pairs = zip(folders, urls, strict=True)
    return [read_settings(data_dir=folder, database_url=url) for folder, url in pairs]


def scheduler_at(settings, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", settings.database_url)
    return live.scheduler()


def answers_of(settings):
    folder = settings.data_dir / "returns" / COUNTY
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.chaos  # two processes and two databases; test_restoring.py is the short run
@pytest.mark.parametrize("finished", [None, "control", "load"])
def test_an_import_under_way_is_finished_once_where_the_backup_is_restored(
    places, finished, tmp_path, monkeypatch
):
    here, there = places
    run_id = f"{live.IMPORT}/{live.this_cycle()}/only/{COUNTY}#1"
    live.put_in_inbox(here, COUNTY, "county")
    database = open_database(here.ledger_url)
    with scheduler_at(here, monkeypatch):
        live.wait_for_step(here, database, run_id, finished)
        manifest = take(here, tmp_path / "copy.tar.gz")
        live.wait_until(lambda: live.run_states(database) == ["done"])
    database.dispose()
    assert [entry["name"] for entry in manifest["files"] if "archive" in entry["name"]]

    restore(there, tmp_path / "copy.tar.gz", force=True)
    before = read_steps(there.engine_url, run_id)
    assert [step.name for step in before] == STEPS[: len(before)]
    assert len(before) >= (STEPS.index(finished) + 1 if finished else 0)
    restored = open_database(there.ledger_url)
    assert live.run_states(restored) == ["running"]
    with scheduler_at(there, monkeypatch):
        live.wait_until(lambda: "settle" in live.finished_steps(there, run_id))
    after = read_steps(there.engine_url, run_id)
    assert [step.name for step in after] == STEPS
    assert after[: len(before)] == before
    assert live.run_states(restored) == ["done"]
    assert live.count(restored, "receipt") == 1
    sent = live.lines_sent(there)
    assert {table: live.count(restored, table) for table in sent} == sent
    assert answers_of(there) == answers_of(here)
    with restored.connect() as connection:
        archived = connection.scalars(text("SELECT archived_as FROM delivery")).all()
    assert [(there.data_dir / path).is_file() for path in archived] == [True]
    restored.dispose()
