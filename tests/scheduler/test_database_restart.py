"""The database stops hard, or stands still, in the middle of an import: it ends loaded once all the same.

The code under test stops the server itself, at the place that each test names, so that no fault
depends on luck.
"""

import signal
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

import psycopg
import pytest
from apscheduler.events import EVENT_JOB_ERROR
from sqlalchemy import make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs.imports import load as loading
from jobs.register import staging_writers
from jobs.register.tables import RegisterBase
from scheduler import daemon
from scheduler.calendar.policy import Policy
from scheduler.engine import durable
from scheduler.engine.answers import DATABASE_AWAY
from scheduler.engine.operate import order_run
from scheduler.engine.terms import Terms
from scheduler.ledger.database import reading
from scheduler.ledger.tables import ReceiptRow, RunRow
from scheduler.settings import read_settings
from tests import postgres
from tests.scheduler import live

COUNTY = "46"
DEFECTS = ("CR-FNR-01", "CR-DUP-02", "CR-STAT-01")
STEPS = ["control", "load", "report", "receipt", "settle"]
# Numbers leap when a server crashes, a clock goes on, and a second run has another name.
PASSING = {"id", "person_id", "elevkurs_id", "received_at", "settled_at", "archived_as", "run_id"}
TEMPLATE = "planned"
TRIES = 2
STANDS_STILL = 30  # seconds, longer than a node may be without a beat
A_MOMENT = 2  # seconds, longer than between two beats

_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that no other test uses, with a planned year; it keeps what it has committed."""
    with postgres.own_server(postgres.WITHOUT_WAITING_FOR_THE_DISK) as own:
        create_database(own, TEMPLATE, "template0")
        with service_on(own, TEMPLATE, tmp_path_factory.mktemp("template")) as service:
            service.tick()
        yield own


def create_database(server, name, template):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def service_on(server, name, folder, **others):
    url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
    calendar = live.open_all_year(folder)
    settings = read_settings(
        data_dir=folder / "data", database_url=url, calendar=calendar, **others
    )
    return daemon.Service(settings, lambda: datetime.now(UTC))


@contextmanager
def importing(server, folder, **others):
    """A service with a database of its own and a file in its inbox."""
    name = f"restart_{next(_numbers)}"
    create_database(server, name, TEMPLATE)
    with service_on(server, name, folder, **others) as service:
        live.put_in_inbox(service.settings, COUNTY, "small", DEFECTS)
        yield service


@pytest.fixture(scope="module")
def undisturbed(server, tmp_path_factory):
    """What an import leaves behind when nothing disturbs it."""
    with importing(server, tmp_path_factory.mktemp("undisturbed")) as service:
        return left_behind(service)


def left_behind(service, number=1):
    """The register's rows by table, and the names of what the sender has got, once run `number` is done."""
    run = ended(service, number)
    assert (run.state, run.reasons) == ("done", [])
    assert live.finished_steps(service.settings, run.id) == STEPS
    with service.database.connect() as connection:
        assert connection.scalars(select(ReceiptRow.run_id)).all() == [run.id]
        tables = {
            table.name: sorted(
                repr({name: v for name, v in row.items() if name not in PASSING})
                for row in connection.execute(select(table)).mappings()
            )
            for table in RegisterBase.metadata.sorted_tables
        }
    returned = service.settings.data_dir / "returns" / COUNTY
    return tables, sorted(path.name for path in returned.iterdir())


def ended(service, number):
    """The run of that number when it has ended; the service ticks until then."""
    query = select(RunRow).where(RunRow.number == number, RunRow.finished_at.is_not(None))

    def run():
        try:
            time.sleep(0.1)  # leave the processors to the import
            service.tick()
            with reading(service.database) as session:
                return session.scalar(query)
        except DBAPIError:  # the daemon writes it down; the next tick goes on
            return None

    live.wait_until(run)
    return run()


def once_before(monkeypatch, disturb, module, name, when):
    """Disturb just before a function does its work, in the first call that `when` picks."""
    original, disturbed = getattr(module, name), threading.Event()

    def stand_in(*arguments):
        if when(*arguments) and not disturbed.is_set():
            disturbed.set()
            disturb()
        return original(*arguments)

    monkeypatch.setattr(module, name, stand_in)
    return disturbed


def in_step(name):
    return lambda _order, step, *_: step.name == name


WHILE_STAGING = (
    staging_writers,
    "_copy",
    lambda _driver, table, _frame: table.name.endswith("_fag"),
)
PLACES = {
    "while the control stages": WHILE_STAGING,
    "between control and load": (durable, "_run_step", in_step("load")),
    "while the load's transaction is open": (loading, "_settle", lambda *_: True),
    "between load and report": (durable, "_run_step", in_step("report")),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_restart_leaves_no_trace_in_the_register(
    place, server, undisturbed, tmp_path, monkeypatch
):
    def restart():
        server.stop_hard()
        server.start()

    disturbed = once_before(monkeypatch, restart, *PLACES[place])
    with importing(server, tmp_path) as service:
        assert left_behind(service) == undisturbed
    assert disturbed.is_set()


@pytest.mark.parametrize(
    ("place", "seconds"),
    [
        ("while the load's transaction is open", A_MOMENT),
        *(pytest.param(place, STANDS_STILL, marks=pytest.mark.chaos) for place in PLACES),
    ],
)
def test_a_server_that_stands_still_leaves_no_trace_in_the_register(
    place, seconds, server, undisturbed, tmp_path, monkeypatch
):
    def stand_still():
        server.signal(signal.SIGSTOP)
        threading.Timer(seconds, server.signal, [signal.SIGCONT]).start()

    disturbed = once_before(monkeypatch, stand_still, *PLACES[place])
    with importing(server, tmp_path) as service:
        assert left_behind(service) == undisturbed
    assert disturbed.is_set()


def test_ticks_without_a_database_lose_nothing(server, undisturbed, tmp_path):
    """The scheduler's own thread ticks on, and takes the file in by itself when the database is back."""
    with importing(server, tmp_path, tick_seconds=0.5) as service:
        scheduler, failed = daemon.ticking(service), []

        def note(event):
            if scheduler.get_job(event.job_id).func == service.tick:
                failed.append(event.exception)

        scheduler.add_listener(note, EVENT_JOB_ERROR)
        server.stop_hard()
        try:
            scheduler.start()
            live.wait_until(lambda: len(failed) >= 2)
        finally:
            server.start()
        live.wait_until(lambda: live.run_states(service.database) == ["done"])
        scheduler.shutdown()
        assert left_behind(service) == undisturbed
    assert all(isinstance(error, DBAPIError) for error in failed)


def test_a_server_that_stays_away_fails_the_run_in_words_and_a_new_run_completes_it(
    server, undisturbed, tmp_path, monkeypatch
):
    tried = threading.Semaphore(0)

    def attempt(order, step, facts):
        """Also one that ends before the step's own work, since nobody can say whose the run is."""
        try:
            return step_body(order, step, facts)
        finally:
            if step.name == "control":
                tried.release()

    step_body = durable._step_body
    monkeypatch.setattr(durable, "_step_body", attempt)
    twice = Terms(Policy(attempts=TRIES))
    monkeypatch.setattr(daemon, "terms_in_use", lambda _database: lambda _deliverable: twice)
    once_before(monkeypatch, server.stop_hard, *WHILE_STAGING)
    with importing(server, tmp_path) as service:
        service.tick()
        for _ in range(TRIES):
            assert tried.acquire(timeout=60)
        server.start()
        run = ended(service, 1)
        assert (run.state, run.reasons) == (
            "failed",
            [f"Steget «Kontrollerer filen» feilet: {DATABASE_AWAY}"],
        )
        with Session(service.database) as session, session.begin():
            key, calendar = run.occurrence_key, service.ticker.calendar
            order_run(session, calendar, key, "kari", "Databasen er tilbake", datetime.now(UTC))
        assert left_behind(service, 2) == undisturbed
