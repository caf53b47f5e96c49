"""`python -m bench.one_import URL FOLDER JOB SCOPE DELIVERY`: a whole import in a process of its own.

The result stands on standard output, so that memory and start are the process's own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.api import DataStep, Facts, Job, JobContext, Order
from jobs.imports.job import IMPORTS
from scheduler.ledger.database import open_database

CYCLE, NOW = "2026-2027", datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """What an import cost: seconds by step and with the start, peak memory in MB, rows touched."""

    steps: dict[str, float]
    whole: float
    peak: float
    touched: dict[str, int]

    @property
    def to_the_register(self) -> float:
        """Seconds from the file to the commit."""
        return self.steps["control"] + self.steps["load"]


def started(url: str, folder: Path, job: str, scope: str, delivery: int) -> subprocess.Popen[str]:
    """Begin an import in a process of its own."""
    arguments = (url, str(folder), job, scope, str(delivery))
    command = [sys.executable, "-m", "bench.one_import", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str], begun: float) -> Taken:
    """Wait for it; `begun` is perf_counter when it was started."""
    output, _ = process.communicate()
    whole = time.perf_counter() - begun
    assert process.returncode == 0, "the import failed"
    return Taken(whole=whole, **json.loads(output))


def taken(url: str, folder: Path, job: str, scope: str, delivery: int) -> Taken:
    """Run an import in a process of its own, from its start to its end."""
    begun = time.perf_counter()
    return ended(started(url, folder, job, scope, delivery), begun)


def _run(engine: Engine, folder: Path, job: Job, order: Order) -> dict[str, object]:
    ctx, facts, steps = JobContext(order, engine, folder), dict[str, object](), {}
    for step in job.steps:
        begun = time.perf_counter()
        if isinstance(step, DataStep):
            with Session(engine) as session, session.begin():
                facts |= step.body(ctx, session, facts)
        else:
            facts |= step.body(ctx, facts)
        steps[step.name] = time.perf_counter() - begun
    return {"steps": steps, "peak": peak_memory(), "touched": _touched(facts)}


def _touched(facts: Facts) -> dict[str, object]:
    return {name: facts[name] for name in ("nye", "endret", "avsluttet")}


def peak_memory() -> float:
    """The most memory in MB that this process has held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(x.split()[1] for x in status.splitlines() if x.startswith("VmHWM"))) / 1024


def main(arguments: Sequence[str]) -> None:
    url, folder, name, scope, delivery = arguments
    order = Order(
        run_id=f"bench/{delivery}",
        job=name,
        deliverable="bench",
        cycle=CYCLE,
        stage="only",
        scope=scope,
        nominal=date(2026, 10, 5),
        due=date(2026, 10, 5),
        reference_date=date(2026, 10, 1),
        now=NOW,
        inputs={"delivery_id": int(delivery)},
    )
    job = next(job for job in IMPORTS if job.name == name)
    print(json.dumps(_run(open_database(url), Path(folder), job, order)))


if __name__ == "__main__":
    main(sys.argv[1:])
