"""A real scheduler process beside the test, to be killed, and the ledger it leaves behind."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jobs.synth import write_extract
from scheduler.engine.durable import read_steps
from scheduler.ledger.planner import planned_cycles
from tests.planned import FEW, WHOLE, starting_only, with_counties

IMPORT = "skole-off-telling-okt"
MARKS = {"person": "$EL", "elevkurs": "$EK", "faglinje": "$KL"}


@contextmanager
def running(module, *arguments):
    """A process of ours, killed at the end if the test has not stopped it by then."""
    with subprocess.Popen([sys.executable, "-m", module, *arguments], env=os.environ) as process:
        try:
            yield process
        finally:
            process.kill()


def scheduler():
    return running("scheduler.cli", "scheduler")


def wait_until(condition, seconds=90):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def wait_for_step(settings, database, run_id, step):
    """Wait until a step of the run is finished; None until the run is under way."""
    if step is None:
        wait_until(lambda: run_states(database) == ["running"])
    else:
        wait_until(lambda: step in finished_steps(settings, run_id))


def this_cycle():
    return planned_cycles(datetime.now(UTC))[0]


def open_all_year(folder, *counties):
    """The calendar of these counties (or a few), whose October import opens in August and alone starts.

    These tests run on any day of the year, and each process of theirs plans a calendar.
    """
    text = starting_only(with_counties(WHOLE, counties or FEW))
    start = text.index(f"  {IMPORT}:\n") + len(f"  {IMPORT}:\n")
    path = folder / "calendar.yaml"
    path.write_text(f"{text[:start]}    opens: 1. august\n{text[start:]}", encoding="utf-8")
    return path


def put_in_inbox(settings, county, scale, defects=()):
    folder = settings.data_dir / "inbox" / county / IMPORT
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"telling_{county}.txt.part"
    write_extract(part, county, this_cycle(), seed=7, scale=scale, defects=defects)
    os.utime(part, (0, 0))
    part.rename(part.with_suffix(""))


def finished_steps(settings, run_id):
    """Names of the run's finished steps; none while the engine's tables are not there yet."""
    try:
        return [step.name for step in read_steps(settings.engine_url, run_id)]
    except DBAPIError:
        return []


def run_states(database):
    """State of every run; none while the tables are not there yet."""
    try:
        with database.connect() as connection:
            return list(connection.scalars(text("SELECT state FROM run ORDER BY id")))
    except DBAPIError:
        return []


def count(database, table):
    with database.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def lines_sent(settings):
    """Table -> how many lines of its kind the archived files hold."""
    sent = dict.fromkeys(MARKS, 0)
    for path in (settings.data_dir / "archive").glob("*/*/*"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for table, mark in MARKS.items():
            sent[table] += sum(line.startswith(mark) for line in lines)
    return sent
