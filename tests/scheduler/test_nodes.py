"""Several nodes on one PostgreSQL: what one leaves, another goes on with, and nothing is done twice."""

import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from scheduler.engine.pulse import NameTakenError, Pulse
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import NodeRow
from scheduler.ledger.take_overs import TakeOverRow
from scheduler.schema import upgrade
from tests.scheduler import live
from tests.scheduler.engine_jobs import STEPS
from tests.scheduler.test_durable import KEY, order, wait_for

LIMIT = 1.5
OTHER = "stat-test/2026-2027/only/50"


@pytest.fixture
def nodes_database(empty_postgres_url, monkeypatch):
    """A database that nodes beat on three times a second, and are taken for dead after 1.5 s."""
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", empty_postgres_url)
    monkeypatch.setenv("AARSHJUL_BEAT_SECONDS", "0.3")
    monkeypatch.setenv("AARSHJUL_DEAD_AFTER_SECONDS", "1.5")
    database = open_database(empty_postgres_url)
    upgrade(database)
    yield database
    database.dispose()


@contextmanager
def node(name, folder, monkeypatch, *how):
    monkeypatch.setenv("AARSHJUL_NODE", name)
    with live.running("tests.scheduler.engine_jobs", str(folder), *how) as process:
        yield process


def hold(folder, step):
    (folder / f"hold-{step}").touch()


def let_go(folder, step):
    (folder / f"hold-{step}").unlink()


def ticks(database, name):
    """How many seconds apart the node ticks; None before it has done so."""
    with reading(database) as session:
        row = session.get(NodeRow, name)
        return (row and row.tick_seconds) or None


def beats(database, name):
    """Whether the node's last beat is fresh, by the database's clock."""
    with database.connect() as connection:
        query = text("SELECT now() - beat_at < interval '1 second' FROM node WHERE name = :name")
        return connection.scalar(query, {"name": name})


def take_overs(database):
    with reading(database) as session:
        rows = session.scalars(select(TakeOverRow).order_by(TakeOverRow.run_id, TakeOverRow.id))
        return [(row.run_id, row.left_by, row.taken_by, row.step, row.given_up) for row in rows]


def begun(folder):
    return {step: len((folder / f"begun-{step}").read_text()) for step in STEPS}


def test_a_killed_node_s_run_goes_on_at_its_step_on_the_other(
    nodes_database, tmp_path, monkeypatch
):
    order(nodes_database, "good")
    hold(tmp_path, "load")
    with node("node-1", tmp_path, monkeypatch) as first:
        wait_for(tmp_path / "holding-load")
        with node("node-2", tmp_path, monkeypatch):
            live.wait_until(lambda: ticks(nodes_database, "node-2"))
            first.kill()
            let_go(tmp_path, "load")
            live.wait_until(lambda: live.run_states(nodes_database) == ["done"])
    assert take_overs(nodes_database) == [(f"{KEY}#1", "node-1", "node-2", "load", False)]
    assert begun(tmp_path) == {"read": 1, "load": 2, "write": 1}
    assert live.count(nodes_database, "loaded") == 1000
    assert live.count(nodes_database, "receipt") == 1
    assert (tmp_path / "sent" / "46.txt").read_text() == "1000 by node-2"


@contextmanager
def come_back(database, folder, monkeypatch, *how):
    """Node-1, back from having stood still in two runs that node-2 has ended meanwhile.

    One run stood before its effect outside, one inside its transaction.
    """
    order(database, "good")
    hold(folder, "write")
    with node("node-1", folder, monkeypatch, *how) as first:
        wait_for(folder / "holding-write")
        hold(folder, "load")
        order(database, "good", OTHER)
        wait_for(folder / "holding-load")
        with node("node-2", folder, monkeypatch):
            live.wait_until(lambda: ticks(database, "node-2"))
            first.send_signal(signal.SIGSTOP)
            let_go(folder, "load")
            let_go(folder, "write")
            live.wait_until(lambda: live.run_states(database) == ["done"] * 2)
            assert not beats(database, "node-1")
            first.send_signal(signal.SIGCONT)
            live.wait_until(lambda: beats(database, "node-1"))
            yield first


def test_a_frozen_node_that_comes_back_writes_nothing_over_its_successor(
    nodes_database, tmp_path, monkeypatch
):
    with come_back(nodes_database, tmp_path, monkeypatch) as first:
        assert first.poll() is None
        first.terminate()
        assert first.wait(60) == 0
    assert take_overs(nodes_database) == [
        (f"{KEY}#1", "node-1", "node-2", "write", False),
        (f"{OTHER}#1", "node-1", "node-2", "load", False),
    ]
    assert begun(tmp_path) == {"read": 2, "load": 3, "write": 3}
    assert sent(tmp_path) == {"46.txt": "1000 by node-2", "50.txt": "1000 by node-2"}
    assert live.count(nodes_database, "loaded") == 2000
    assert live.count(nodes_database, "receipt") == 2


def test_without_the_fence_it_would_have_written_over_its_successor(
    nodes_database, tmp_path, monkeypatch
):
    """The same, broken on purpose: the fence alone stands between a late node and a file that is sent."""
    with come_back(nodes_database, tmp_path, monkeypatch, "unfenced"):
        live.wait_until(lambda: sent(tmp_path).get("46.txt") == "1000 by node-1")
    assert sent(tmp_path)["50.txt"] == "1000 by node-2"
    assert live.count(nodes_database, "loaded") == 2000  # rows have the database's own guard


def sent(folder):
    return {path.name: path.read_text() for path in (folder / "sent").iterdir()}


def test_what_a_stopped_node_has_begun_goes_on_at_once_and_is_no_death(
    nodes_database, tmp_path, monkeypatch
):
    order(nodes_database, "good")
    hold(tmp_path, "read")
    with node("node-1", tmp_path, monkeypatch) as first:
        wait_for(tmp_path / "holding-read")
        with node("node-2", tmp_path, monkeypatch):
            live.wait_until(lambda: ticks(nodes_database, "node-2"))
            first.terminate()
            let_go(tmp_path, "read")
            assert first.wait(60) == 0
            live.wait_until(lambda: live.run_states(nodes_database) == ["done"])
    assert take_overs(nodes_database) == []
    assert begun(tmp_path) == dict.fromkeys(STEPS, 1)


def test_two_processes_are_never_the_same_node(nodes_database, tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    pulse = Pulse(nodes_database, "node-1", LIMIT)
    pulse.begin()
    command = [sys.executable, "-m", "scheduler.cli", "scheduler"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert refused.returncode == 1
    assert "En annen prosess kjører alt som noden «node-1»" in refused.stderr
    assert "AARSHJUL_NODE=node-2" in refused.stderr
    pulse.end()


def test_a_name_is_free_again_the_moment_its_process_is_gone(nodes_database):
    first, second = (Pulse(nodes_database, "node-1", LIMIT) for _ in range(2))
    first.begin()
    with pytest.raises(NameTakenError):
        second.begin()
    first.end()
    second.begin()
    second.end()
