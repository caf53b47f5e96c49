"""SIGKILL or SIGTERM in the middle of a real import: the same run ends, nothing lost or doubled."""

import pytest

from scheduler.engine.durable import read_steps
from scheduler.ledger.database import open_database
from scheduler.settings import read_settings
from tests.scheduler import live

COUNTY = "56"
STEPS = ["control", "load", "report", "receipt", "settle"]


@pytest.fixture(params=["sqlite", "postgres"])
def settings(tmp_path, request, monkeypatch):
    """A scheduler's settings with a database that is not there yet."""
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AARSHJUL_TICK_SECONDS", "0.5")
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(live.open_all_year(tmp_path, COUNTY)))
    if request.param == "postgres":
        monkeypatch.setenv("AARSHJUL_DATABASE_URL", request.getfixturevalue("empty_postgres_url"))
    return read_settings()


# The short run kills in the report, when the load is finished, and stops inside the first step.
CONTROL = pytest.param("control", marks=pytest.mark.chaos)
LOAD = pytest.param("load", marks=pytest.mark.chaos)


@pytest.mark.parametrize("inside", [CONTROL, LOAD, "report"])
def test_a_killed_import_ends_as_the_same_run_with_nothing_doubled(settings, inside, monkeypatch):
    run_id = f"{live.IMPORT}/{live.this_cycle()}/only/{COUNTY}#1"
    live.put_in_inbox(settings, COUNTY, "county")
    database = open_database(settings.ledger_url)
    monkeypatch.setenv("HOLD_IN_STEP", inside)
    with live.running("tests.chaos.held_import") as first:
        live.wait_until((settings.data_dir / "holding").exists)
        first.kill()
    assert live.run_states(database) == ["running"]
    assert live.finished_steps(settings, run_id) == STEPS[: STEPS.index(inside)]

    with live.scheduler():
        live.wait_until(lambda: "settle" in live.finished_steps(settings, run_id))
    assert_loaded_once(settings, database, run_id)
    database.dispose()


def assert_loaded_once(settings, database, run_id):
    assert live.run_states(database) == ["done"]
    assert live.finished_steps(settings, run_id) == STEPS
    assert live.count(database, "receipt") == 1
    sent = live.lines_sent(settings)
    assert sent["faglinje"] > 10_000
    assert {table: live.count(database, table) for table in sent} == sent


@pytest.mark.parametrize("finished", [None, CONTROL])
def test_an_import_told_to_stop_goes_on_at_its_next_step(settings, finished):
    run_id = f"{live.IMPORT}/{live.this_cycle()}/only/{COUNTY}#1"
    live.put_in_inbox(settings, COUNTY, "county")
    database = open_database(settings.ledger_url)
    with live.scheduler() as first:
        live.wait_for_step(settings, database, run_id, finished)
        first.terminate()
        assert first.wait(90) == 0
    done = read_steps(settings.engine_url, run_id)
    assert live.run_states(database) == ["running"]
    assert finished is None or finished in [step.name for step in done]

    with live.scheduler():
        live.wait_until(lambda: "settle" in live.finished_steps(settings, run_id))
    assert read_steps(settings.engine_url, run_id)[: len(done)] == done
    assert_loaded_once(settings, database, run_id)
    database.dispose()
