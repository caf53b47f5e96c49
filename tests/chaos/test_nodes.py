"""Kill or freeze a node in every step of a real import, and let a run kill every node it comes to."""

import os
import signal
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import RunRow
from scheduler.settings import read_settings
from tests.scheduler import live
from tests.scheduler.test_durable import KEY, order
from tests.scheduler.test_kill_import import COUNTY, assert_loaded_once
from tests.scheduler.test_nodes import OTHER, beats, node, nodes_database, ticks

__all__ = ["nodes_database"]

NODES = ("node-1", "node-2")
STEPS = ("control", "load", "report", "receipt")
pytestmark = pytest.mark.chaos


def scheduler(name, monkeypatch):
    monkeypatch.setenv("AARSHJUL_NODE", name)
    return live.running("tests.chaos.held_import")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("step", STEPS)
def test_an_import_goes_on_on_the_other_node(step, how, nodes_database, tmp_path, monkeypatch):
    """The first node stands inside the step when it is killed, or frozen until the other has ended."""
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AARSHJUL_TICK_SECONDS", "0.5")
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(live.open_all_year(tmp_path, COUNTY)))
    monkeypatch.setenv("HOLD_IN_STEP", step)
    settings = read_settings()
    run_id = f"{live.IMPORT}/{live.this_cycle()}/only/{COUNTY}#1"
    live.put_in_inbox(settings, COUNTY, "county")
    with ExitStack() as stack:
        first = stack.enter_context(scheduler("node-1", monkeypatch))
        live.wait_until((tmp_path / "holding").exists)
        stack.enter_context(scheduler("node-2", monkeypatch))
        live.wait_until(lambda: ticks(nodes_database, "node-2"))
        first.send_signal(how)
        (tmp_path / "holding").unlink()
        live.wait_until(lambda: "settle" in live.finished_steps(settings, run_id), 180)
        before = returned(settings)
        if how is signal.SIGSTOP:
            first.send_signal(signal.SIGCONT)
            live.wait_until(lambda: beats(nodes_database, "node-1"))
            time.sleep(3)  # as long as it may need to do harm
            assert returned(settings) == before
    assert_loaded_once(settings, nodes_database, run_id)
    assert live.count(nodes_database, "take_over") == 1


def returned(settings):
    """What the sender has got: name, content, and the file it lies in."""
    folder = settings.data_dir / "returns"
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted((str(path), path.read_bytes(), path.stat().st_ino) for path in files)


def test_a_run_that_kills_every_node_it_comes_to_is_set_aside(
    nodes_database, tmp_path, monkeypatch
):
    """Whoever dies is started again, as a supervisor does; the other run is done all the same."""
    order(nodes_database, "deadly")
    order(nodes_database, "good", OTHER)
    database = open_database(os.environ["AARSHJUL_DATABASE_URL"])
    with ExitStack() as stack:
        processes = {name: stack.enter_context(node(name, tmp_path, monkeypatch)) for name in NODES}

        def settled():
            for name, process in processes.items():
                if process.poll() is not None:
                    processes[name] = stack.enter_context(node(name, tmp_path, monkeypatch))
            return sorted(live.run_states(database)) == ["done", "failed"]

        live.wait_until(settled, 180)
    with Session(database) as session:
        assert "kan være årsaken" in session.get_one(RunRow, f"{KEY}#1").reasons[0]
    with reading(database) as session:
        given_up = session.scalars(
            text("SELECT given_up FROM take_over WHERE run_id LIKE '%/46#1'")
        )
        assert sorted(given_up) == [False, False, False, True]
    database.dispose()
