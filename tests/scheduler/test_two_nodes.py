"""Two nodes on one PostgreSQL fire the same occurrence at the same instant: it runs once."""

import time

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import RunRow
from tests.scheduler import live
from tests.scheduler.engine_jobs import STEPS
from tests.scheduler.firing_node import key
from tests.scheduler.test_durable import add_occurrence

NODES = ("node-1", "node-2")


def node(name, folder, monkeypatch):
    monkeypatch.setenv("AARSHJUL_NODE", name)
    return live.running("tests.scheduler.firing_node", str(folder))


def go(database, folder, rounds):
    """Lay the occurrences out, and name an instant that both nodes reach."""
    with Session(database) as session, session.begin():
        for number in range(rounds):
            add_occurrence(session, key(number))
        session.execute(text("CREATE TABLE loaded (n integer)"))
    part = folder / "go.part"
    part.write_text(str(time.time() + 1), encoding="utf-8")
    part.rename(folder / "go")


def states(database):
    with reading(database) as session:
        return list(session.scalars(select(RunRow.state)))


@pytest.mark.parametrize("rounds", [50, pytest.param(1000, marks=pytest.mark.chaos)])
def test_an_occurrence_that_two_nodes_fire_at_one_instant_runs_once(
    rounds, empty_postgres_url, tmp_path, monkeypatch
):
    monkeypatch.setenv("FIRING_ROUNDS", str(rounds))
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", empty_postgres_url)
    database = open_database(empty_postgres_url)
    with node(NODES[0], tmp_path, monkeypatch), node(NODES[1], tmp_path, monkeypatch):
        live.wait_until(lambda: all((tmp_path / f"ready-{name}").exists() for name in NODES))
        go(database, tmp_path, rounds)
        live.wait_until(lambda: states(database) == ["done"] * rounds, 120 + rounds)
        live.wait_until(lambda: all((tmp_path / f"won-{name}").exists() for name in NODES))
    won = [int((tmp_path / f"won-{name}").read_text()) for name in NODES]
    assert sum(won) == rounds
    with database.connect() as connection:
        runs = connection.scalars(text("SELECT id FROM run ORDER BY id")).all()
        workflows = connection.scalars(
            text("SELECT workflow_uuid FROM dbos.workflow_status ORDER BY workflow_uuid")
        ).all()
        nodes = connection.scalars(
            text("SELECT DISTINCT executor_id FROM dbos.workflow_status ORDER BY executor_id")
        ).all()
    assert runs == workflows == [f"{key(number)}#1" for number in range(rounds)]
    assert set(nodes) <= set(NODES)
    assert live.count(database, "receipt") == rounds
    assert live.count(database, "loaded") == rounds * 1000
    begun = {step: len((tmp_path / f"begun-{step}").read_text()) for step in STEPS}
    assert begun == dict.fromkeys(STEPS, rounds)
    database.dispose()
