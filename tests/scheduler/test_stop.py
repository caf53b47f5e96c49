"""SIGTERM in the middle of a step: it is finished, no other is begun, and a start goes on from there."""

import signal
import time

import pytest

from scheduler.engine.durable import read_steps
from scheduler.ledger.database import open_database
from scheduler.schema import upgrade
from tests.scheduler import test_durable as durable
from tests.scheduler.engine_jobs import STEPS

OTHER = "stat-test/2026-2027/only/34"


@pytest.fixture
def database(empty_sqlite_url, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", empty_sqlite_url)
    engine = open_database(empty_sqlite_url)
    upgrade(engine)
    yield engine
    engine.dispose()


def holding(folder, step):
    """A process that stands still inside that step."""
    (folder / f"hold-{step}").touch()
    return durable.worker(folder)


def release(folder, step):
    (folder / f"hold-{step}").unlink()


def begun(folder):
    paths = {name: folder / f"begun-{name}" for name in STEPS}
    return {name: len(path.read_text()) for name, path in paths.items() if path.exists()}


def state(database):
    with database.connect() as connection:
        return list(connection.exec_driver_sql("SELECT state FROM run ORDER BY id").scalars())


def goes_on(database, folder):
    """The next process finishes the run; how often each step has been begun by then."""
    with durable.worker(folder) as process:
        durable.finished(database, seconds=40)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert durable.count(database) == 1000
    assert durable.count(database, "receipt") == 1
    return begun(folder)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.chaos)]
)
@pytest.mark.parametrize("step", STEPS)
def test_the_step_is_finished_and_nothing_is_repeated_after_the_start(
    number, step, database, tmp_path
):
    durable.order(database, "good")
    with holding(tmp_path, step) as process:
        durable.wait_for(tmp_path / f"holding-{step}")
        process.send_signal(number)
        time.sleep(1.5)
        assert process.poll() is None
        release(tmp_path, step)
        assert process.wait(20) == 0
    reached = STEPS[: STEPS.index(step) + 1]
    url = f"sqlite:///{tmp_path / 'engine.db'}"
    assert [found.name for found in read_steps(url, durable.RUN)] == [*reached]
    assert state(database) == ["running"]
    assert begun(tmp_path) == dict.fromkeys(reached, 1)
    assert goes_on(database, tmp_path) == dict.fromkeys(STEPS, 1)


def test_nothing_new_is_begun_while_a_step_finishes(database, tmp_path):
    durable.order(database, "good")
    with holding(tmp_path, "write") as process:
        durable.wait_for(tmp_path / "holding-write")
        process.send_signal(signal.SIGTERM)
        durable.order(database, "breaking", OTHER)
        time.sleep(1.5)
        assert state(database) == ["requested", "running"]
        release(tmp_path, "write")
        assert process.wait(20) == 0
    assert state(database) == ["requested", "running"]


def test_a_step_that_outlasts_the_limit_is_left_and_begun_again(database, tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DRAIN_SECONDS", "1")
    durable.order(database, "good")
    with holding(tmp_path, "write") as process:
        durable.wait_for(tmp_path / "holding-write")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert state(database) == ["running"]
    release(tmp_path, "write")
    assert goes_on(database, tmp_path) == dict.fromkeys(STEPS, 1) | {"write": 2}


def test_a_second_signal_stops_at_once_and_loses_nothing(database, tmp_path):
    durable.order(database, "good")
    with holding(tmp_path, "write") as process:
        durable.wait_for(tmp_path / "holding-write")
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 128 + signal.SIGTERM
    release(tmp_path, "write")
    assert goes_on(database, tmp_path) == dict.fromkeys(STEPS, 1) | {"write": 2}
