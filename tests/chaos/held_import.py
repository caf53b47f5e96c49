"""A scheduler whose import stands still inside one step, until the test has dealt with it."""

import os
import time
from dataclasses import replace

from jobs import JOBS
from jobs.api import DataStep
from jobs.channels import files
from scheduler import daemon
from scheduler.settings import settings

HELD = os.environ["HOLD_IN_STEP"]
MARK = settings().data_dir / "holding"


def stand():
    """Once in all processes: the one that makes the mark stands until it is gone."""
    try:
        (settings().data_dir / "held").touch(exist_ok=False)
    except FileExistsError:
        return
    MARK.touch()
    while MARK.exists():
        time.sleep(0.02)


def held(step):
    """The step, standing still when its work is done and its result not yet recorded."""

    def data_body(context, session, facts):
        found = step.body(context, session, facts)
        stand()
        return found

    def body(context, facts):
        original = files.whole_file

        def stand_before_rename(*arguments):
            stand()
            return original(*arguments)

        files.whole_file = stand_before_rename
        try:
            return step.body(context, facts)
        finally:
            stand()
            files.whole_file = original

    if step.name != HELD:
        return step
    return replace(step, body=data_body if isinstance(step, DataStep) else body)


if __name__ == "__main__":
    job = JOBS["import-school"]
    daemon.JOBS = JOBS | {job.name: replace(job, steps=tuple(map(held, job.steps)))}
    daemon.run(settings())
