"""Dying: a process that ends itself with SIGKILL at one named place of one run.

Places of a step: `before` it begins, at its first, middle or last `touch` (a statement sent, a file
opened for writing, renamed or removed), after its `body`, after the `commit` of its rows and before
the engine has heard of it, and once it is `recorded`.
"""

import json
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from jobs.api import DataStep
from scheduler import daemon
from scheduler.engine import durable
from scheduler.ledger import take_overs

SETTLE = "settle"
WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}

_here = threading.local()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Places:
    """Watches one run of this process; dies at the place, and counts touches on the way."""

    def __init__(self, run_id, place=None, counts=None):
        self.run_id, self.place, self.counts = run_id, place, counts

    def reached(self, step, place, touch=0):
        if self.place == {"step": step, "place": place, "touch": touch}:
            die()

    def touched(self):
        step = getattr(_here, "step", None)
        if step is not None:
            _here.touches += 1
            self.reached(step, "touch", _here.touches)

    def begin(self, step):
        _here.step, _here.touches = step, 0

    def end(self, step):
        """The step's work is done; a place that this time had fewer touches is here at the latest."""
        touches, _here.step = _here.touches, None
        if self.counts:
            known = json.loads(Path(self.counts).read_text()) if Path(self.counts).exists() else {}
            Path(self.counts).write_text(json.dumps({**known, step: touches}))
        if self.place and (self.place["step"], self.place["place"]) == (step, "touch"):
            die()
        self.reached(step, "body")

    def committed(self):
        step, _here.committing = getattr(_here, "committing", None), None
        if step is not None:
            self.reached(step, "commit")


def install(places):
    """Watch the run in this process; it dies in one step more often than any run may that is not watched."""
    take_overs.MOST_IN_ONE_STEP = sys.maxsize
    daemon.JOBS = {name: _watched(job, places) for name, job in daemon.JOBS.items()}
    _watch_engine(places)
    _watch_touches(places)


def _watched(job, places):
    return replace(job, steps=tuple(_watched_step(step, places) for step in job.steps))


def _watched_step(step, places):
    def body(ctx, *rest):
        if ctx.order.run_id != places.run_id:
            return step.body(ctx, *rest)
        places.begin(step.name)
        facts = step.body(ctx, *rest)
        places.end(step.name)
        _here.committing = step.name if isinstance(step, DataStep) else None
        return facts

    return replace(step, body=body)


def _watch_engine(places):
    run_step, settle = durable._run_step, durable._settle

    def watched_step(order, step, *rest):
        if order.run_id != places.run_id:
            return run_step(order, step, *rest)
        places.reached(step.name, "before")
        answer = run_step(order, step, *rest)
        places.reached(step.name, "recorded")
        return answer

    def watched_settle(order, *rest):
        if order.run_id != places.run_id:
            return settle(order, *rest)
        places.reached(SETTLE, "before")
        _here.committing = SETTLE
        answer = settle(order, *rest)
        places.reached(SETTLE, "recorded")
        return answer

    durable._run_step, durable._settle = watched_step, watched_settle


def _watch_touches(places):
    do_commit = DefaultDialect.do_commit

    def commit(dialect, connection):
        do_commit(dialect, connection)
        places.committed()

    def audit(name, arguments):
        if name in WRITES or (name == "open" and _is_write(arguments)):
            places.touched()

    DefaultDialect.do_commit = commit
    event.listen(Engine, "after_cursor_execute", lambda *_: places.touched())
    sys.addaudithook(audit)


def _is_write(arguments):
    _path, _mode, flags = arguments
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
