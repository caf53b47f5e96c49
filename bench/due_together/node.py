"""A node of the service that lives through the morning the deliveries are due: `python -m … GO`.

Its job notes when it begins. It waits until the file GO names the real instant at which the
deliveries are to be due, and sets its clock by that.
"""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.due_together.year import DUE, JOB
from jobs.api import Facts, Job, JobContext, ReceiptFacts, StartsOn, Step
from scheduler import daemon
from scheduler.engine.decide import start_instant
from scheduler.logs import log_to_stderr
from scheduler.settings import read_settings


def began_file(folder: Path, node: str) -> Path:
    """Where a node notes when each step began, one instant a line."""
    return folder / f"began-{node}"


def ready_file(folder: Path, node: str) -> Path:
    return folder / f"ready-{node}"


def _begin(context: JobContext, _facts: Facts) -> Facts:
    with began_file(context.data_dir, os.environ["AARSHJUL_NODE"]).open("a") as lines:
        lines.write(f"{time.time()}\n")
    return {"receipt": ReceiptFacts("delivery", "bench", "1", {}).as_json()}


def main(go: Path) -> None:
    log_to_stderr("ERROR")
    daemon.JOBS = {JOB: Job(JOB, "Begynn", StartsOn.DUE, (Step("begin", "Begynn", _begin),))}
    settings = read_settings()
    with daemon.Service(settings) as service:
        ready_file(settings.data_dir, settings.node).touch()
        while not go.exists():
            time.sleep(0.02)
        ahead = start_instant(DUE) - datetime.fromtimestamp(float(go.read_text()), UTC)
        service.clock = lambda: datetime.now(UTC) + ahead
        scheduler = daemon.ticking(service)
        scheduler.start()
        time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
