"""A full disk: told in Norwegian as ours to mend, nothing half written, and the run goes on with space.

The real service on SQLite. Files find no room by the system's limit on their size, which needs no
privilege; the database by SQLite's own limit on its pages.
"""

import resource
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Step
from scheduler import daemon
from scheduler.engine.answers import DATABASE_FULL
from scheduler.engine.operate import order_retry
from scheduler.ledger.database import reading
from scheduler.ledger.tables import RunRow
from tests.chaos.crew import busy_day
from tests.chaos.scenes import COUNTY, come_to_rest, prepare, service_at, settings_of
from tests.chaos.traces import files
from tests.scheduler import live

ROOM = 300  # bytes that a file may have when the disk is full
(SCENE,) = busy_day(COUNTY)
IMPORT, DELIVERY = f"{SCENE.files[0]}/2026-2027/only/{COUNTY}", SCENE.key
# Job, step, its run's occurrence, and what it tells.
FULL = {
    "staging": ("import-school", "control", IMPORT, DATABASE_FULL),
    "returns": (
        "import-school",
        "receipt",
        IMPORT,
        f"ikke plass til mer i mappen «{COUNTY}»; filen er ikke skrevet",
    ),
    "outbox": ("deliver-ssbelev", "send", DELIVERY, "Disken har ikke plass til mer i mappen"),
}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The files of the day when there is room."""
    settings = settings_of(tmp_path_factory.mktemp("room"), "")
    prepare(settings, SCENE)
    with service_at(settings, SCENE.now) as service:
        until(service, IMPORT, "done")
        until(service, DELIVERY, "done")
        return files_at_rest(service)


def files_at_rest(service):
    """What is left behind once no rehearsal is at work in a folder of its own."""
    come_to_rest(service)
    return files(service.settings.data_dir)


def until(service, key, state):
    """Tick until the occurrence's run is in that state; the run."""
    query = select(RunRow).where(RunRow.occurrence_key == key, RunRow.state == state)

    def run():
        try:
            service.tick()
            with reading(service.database) as session:
                return session.scalar(query)
        except DBAPIError:  # the ledger has no room either; the daemon writes it down and ticks on
            return None

    live.wait_until(run)
    return run()


@contextmanager
def no_room():
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def with_full_disk(name, wanted, full):
    """The jobs, but that this step finds the disk full while `full` has anything in it; tried once."""

    def body(ctx, facts):
        if not full:
            return step.body(ctx, facts)
        with no_room():
            return step.body(ctx, facts)

    job = JOBS[name]
    (step,) = [step for step in job.steps if step.name == wanted]
    short = Step(step.name, step.title, body)
    return JOBS | {name: replace(job, steps=tuple(short if s is step else s for s in job.steps))}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a driver's, let go
@pytest.mark.parametrize(
    "where",
    ["outbox", *(pytest.param(each, marks=pytest.mark.chaos) for each in ("staging", "returns"))],
)
def test_a_full_disk_fails_the_step_and_a_retry_with_space_ends_it(
    where, played, tmp_path, monkeypatch
):
    job, step, key, said = FULL[where]
    full = [True]
    monkeypatch.setattr(daemon, "JOBS", with_full_disk(job, step, full))
    settings = settings_of(tmp_path, "")
    prepare(settings, SCENE)
    with service_at(settings, SCENE.now) as service:
        failed = until(service, key, "failed")
        (reason,) = failed.reasons
        assert said in reason
        assert [name for name in files_at_rest(service) if ".part" in name] == []
        full.clear()
        with Session(service.database) as session, session.begin():
            order_retry(
                session, service.ticker.calendar, key, "kari", "Det er plass igjen", SCENE.now
            )
        assert until(service, key, "done").id == failed.id
        until(service, DELIVERY, "done")
        assert files_at_rest(service) == played


def before_the_load(monkeypatch, fill):
    """Let the import fill the database, through the session given, just before its load; the step that loads."""
    job = JOBS["import-school"]
    step = job.steps[1]

    def load(ctx, session, facts):
        fill(session)
        return step.body(ctx, session, facts)

    steps = (job.steps[0], replace(step, body=load), *job.steps[2:])
    monkeypatch.setattr(daemon, "JOBS", JOBS | {job.name: replace(job, steps=steps)})
    return step


@pytest.mark.chaos
def test_a_full_database_keeps_what_it_had_and_a_retry_with_space_loads_the_file(
    played, tmp_path, monkeypatch
):
    settings, full = settings_of(tmp_path, ""), [True]
    prepare(settings, SCENE)

    def fill(session):
        if full:
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count={pages + 1}"))

    step = before_the_load(monkeypatch, fill)
    with service_at(settings, SCENE.now) as service:
        event.listen(
            service.database,
            "checkout",
            lambda connection, *_: connection.execute("PRAGMA max_page_count=4294967294"),
        )
        failed = until(service, IMPORT, "failed")
        assert failed.reasons == [f"Steget «{step.title}» feilet: {DATABASE_FULL}"]
        assert live.count(service.database, "elevkurs") == 0
        full.clear()
        with Session(service.database) as session, session.begin():
            order_retry(
                session, service.ticker.calendar, IMPORT, "kari", "Det er plass igjen", SCENE.now
            )
        assert until(service, IMPORT, "done").id == failed.id
        until(service, DELIVERY, "done")
        assert files_at_rest(service) == played
