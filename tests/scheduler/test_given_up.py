"""Given up: a run that kills the only node at each start is set aside, and what nobody needs is removed."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs.api import Limits, work_folder
from scheduler.engine.peers import Peers
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.take_over import TakeOver
from scheduler.ledger import rehearsals, take_overs
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import OccurrenceRow, RunRow
from scheduler.ledger.take_overs import MOST_IN_ONE_STEP, Died
from scheduler.schema import upgrade
from scheduler.settings import read_settings
from tests.scheduler import live
from tests.scheduler.engine_jobs import STEPS, TEST_JOBS
from tests.scheduler.test_durable import KEY, NOW, RUN, order

OTHER = "stat-test/2026-2027/only/50"


def parts(database, folder):
    return RuntimeParts(database, folder, TEST_JOBS, lambda: NOW, Limits())


class LeftBehind:
    """An engine in which a node has begun these and finished no step of them."""

    def __init__(self, *run_ids):
        self.run_ids, self.given_up = run_ids, []

    def list_workflows(self, **_wanted):
        return [SimpleNamespace(workflow_id=name, queue_name="runs") for name in self.run_ids]

    def list_workflow_steps(self, _run_id):
        return []

    def cancel_workflow(self, run_id):
        self.given_up.append(run_id)


def test_what_a_rehearsal_has_written_goes_with_it_and_what_a_run_has_stays(database, tmp_path):
    """A person may let a run go on from its last step; nobody lets a rehearsal go on."""
    order(database, "good")
    with Session(database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        rehearsal = rehearsals.request(session, row, 30, 1, "good", NOW).id
        for _ in range(MOST_IN_ONE_STEP):
            take_overs.note(session, Died(RUN, "node-1", STEPS[0], "Les"), "node-2", NOW)
    folders = [work_folder(tmp_path, name) for name in (RUN, rehearsal)]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "elever.csv").write_text("15830650021")
    left = LeftBehind(RUN, rehearsal)
    TakeOver(parts(database, tmp_path), "node-2").succeed(left, "node-1", died=True)
    assert left.given_up == [RUN, rehearsal]
    assert [folder.exists() for folder in folders] == [True, False]


def test_a_process_that_died_before_its_engine_had_tables_is_followed(database, tmp_path):
    url = database.url.render_as_string(hide_password=False).replace("+psycopg", "")
    settings = read_settings(data_dir=tmp_path, database_url="" if "sqlite" in url else url)
    for _ in range(2):
        peers = Peers(settings, parts(database, tmp_path))
        peers.begin()
        peers._pulse.end()


@pytest.mark.chaos
def test_a_run_that_kills_the_only_node_at_each_start_is_set_aside(tmp_path, monkeypatch):
    """It is started again each time, as a supervisor does; the other run is done all the same."""
    monkeypatch.setenv("AARSHJUL_NODE", "node-1")
    database = open_database(read_settings(data_dir=tmp_path, database_url="").ledger_url)
    upgrade(database)
    order(database, "deadly")
    order(database, "good", OTHER)
    for life in range(MOST_IN_ONE_STEP + 2):
        with live.running("tests.scheduler.engine_jobs", str(tmp_path)) as process:
            live.wait_until(lambda: process.poll() is not None or settled(database))
            assert settled(database) == (life == MOST_IN_ONE_STEP + 1)
    with reading(database) as session:
        assert "kan være årsaken" in session.get_one(RunRow, RUN).reasons[0]
        given_up = session.scalars(
            text("SELECT given_up FROM take_over WHERE run_id LIKE '%/46#1'")
        )
        assert sorted(given_up) == [False, False, False, True]
    database.dispose()


def settled(database):
    return sorted(live.run_states(database)) == ["done", "failed"]
