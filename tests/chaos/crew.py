"""Crew: the nodes of a disturbed run, each started again as soon as it is gone, as a supervisor does."""

import time
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from jobs import JOBS
from scheduler.engine.durable import read_work
from scheduler.engine.operate import order_retry
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.read import published_calendar
from scheduler.ledger.tables import NodeRow, RehearsalRow, RunRow
from tests.chaos.node import started
from tests.chaos.scenes import scene_of, settings_of, undisturbed
from tests.chaos.traces import left_behind


def busy_day(*counties):
    """The day when the deliveries of these counties are due, and their files come only then."""
    scenes = (scene_of(JOBS["deliver-ssbelev"], county) for county in counties)
    return [replace(scene, files=scene.before, before=()) for scene in scenes]


class Crew:
    """Processes by the name of their node; `faults` gives those of a life by its number."""

    def __init__(self, settings, now, names, faults=lambda _life: {}):
        self.settings, self.now, self.faults = settings, now, faults
        self.lives = 0
        self.processes = {name: self._begin(name) for name in names}

    def _begin(self, name):
        self.lives += 1
        mine = self.settings.model_copy(update={"node": name})
        return started(mine, self.now, **self.faults(self.lives))

    def tend(self):
        """Start again whoever is gone."""
        for name, process in self.processes.items():
            if process.exitcode is not None:
                process.join()
                process.close()
                self.processes[name] = self._begin(name)

    def kill(self, name):
        self.processes[name].kill()
        self.processes[name].join()

    def ticking(self, database):
        """The nodes whose present process has ticked: killed before, they would never get to work."""
        with reading(database) as session:
            ticked = select(NodeRow.name, NodeRow.process_id).where(NodeRow.tick_seconds > 0)
            told = dict(session.execute(ticked).all())
        return [name for name, one in self.processes.items() if told.get(name) == one.pid]

    def leave(self):
        for process in self.processes.values():
            process.kill()
            process.join()
            process.close()


@contextmanager
def crew(*arguments, **options):
    nodes = Crew(*arguments, **options)
    try:
        yield nodes
    finally:
        nodes.leave()


@contextmanager
def ledger_of(settings):
    database = open_database(settings.ledger_url)
    yield database
    database.dispose()


def is_done(settings, database, number):
    """Whether as many runs are done, in the ledger and in the engine, and no rehearsal is under way."""
    with reading(database) as session:
        runs = dict(session.execute(select(RunRow.id, RunRow.state)).all())
        rehearsed = session.scalars(select(RehearsalRow.id)).all()
    if list(runs.values()) != ["done"] * number:
        return False
    work = read_work(settings.engine_url, [*runs, *rehearsed])
    return all(
        state == "SUCCESS" or (name in rehearsed and state == "CANCELLED")
        for name, state in work.items()
    )


def steps_finished(database):
    """How many steps the engine has on record; on PostgreSQL its tables lie beside ours."""
    with database.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM dbos.operation_outputs"))


def operator_retries(database, now):
    """What a person does with a run that failed by our fault; how many there were."""
    with Session(database) as session, session.begin():
        failed = session.scalars(select(RunRow).where(RunRow.state == "failed")).all()
        calendar = published_calendar(session) if failed else None
        for run in failed:
            order_retry(session, calendar, run.occurrence_key, "kari", "Det var oss", now)
    return len(failed)


def tended_until(condition, nodes, seconds, between=lambda: None):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        nodes.tend()
        between()
        time.sleep(0.1)


def untouched(folder, scenes):
    """What the scenes leave behind in `folder` when nothing disturbs them."""
    settings = settings_of(folder, "")
    undisturbed(settings, *scenes)
    with ledger_of(settings) as database:
        return left_behind(settings, database)
