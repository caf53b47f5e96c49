"""Node: a real scheduler process on a clock that stands, with the faults that a test asks for.

Its processes are forked from one that has imported everything already, so that a thousand lives
do not mean a thousand imports.
"""

import logging
import multiprocessing
import os
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from scheduler import daemon
from scheduler.engine.durable import read_work
from scheduler.logs import log_as_set
from scheduler.settings import read_settings
from tests.chaos import dying, failing

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["tests.chaos.node"])


def live(settings, now, *, die=None, fail=None):
    """What the process does: the scheduler, until it is killed or told to stop."""
    os.setsid()
    with Path(settings["data_dir"], f"{settings['node']}.log").open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    mine = read_settings(**settings)
    log_as_set(mine)
    if die:
        dying.install(dying.Places(**die))
    if fail:
        failing.install(failing.Fate(**fail))
    instant = datetime.fromisoformat(now)
    daemon.Service = partial(_on_a_clock_that_stands, daemon.Service, instant)
    try:
        daemon.run(mine)
    except BaseException:
        logging.getLogger(__name__).exception("the process ends")
        os._exit(1)


def _on_a_clock_that_stands(service, instant, settings, **_guard):
    return service(settings, lambda: instant)


def started(settings, now, **faults):
    """A node that has begun to live."""
    told = {
        name: getattr(settings, name)
        for name in ("data_dir", "database_url", "calendar", "node", "tick_seconds")
    }
    process = FORK.Process(target=live, args=(told, now.isoformat()), kwargs=faults, daemon=True)
    process.start()
    return process


@contextmanager
def node(settings, now, **faults):
    """A node that is killed at the end, if it lives then."""
    process = started(settings, now, **faults)
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()


def ends(process, condition, seconds=120):
    """Wait until the process has ended or the condition holds; True when it has ended."""
    until = time.monotonic() + seconds
    while process.exitcode is None and not condition():
        assert time.monotonic() < until, "waited too long"
        process.join(0.05)
    return process.exitcode is not None


def played(settings, scene, **faults):
    """Play a scene in one process until its run is over; the signal or code it ended with, or None."""
    with node(settings, scene.now, **faults) as process:
        return process.exitcode if ends(process, lambda: is_over(settings, scene)) else None


def is_over(settings, scene):
    """Whether the run has ended, in the ledger and then in the engine, and no rehearsal is at its files."""
    work = read_work(settings.engine_url, [scene.run_id])
    return work.pop(scene.run_id) in ("SUCCESS", "ERROR") and not work
