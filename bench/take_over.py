"""How long after a node is killed inside a step another begins that step, with the default settings.

Two real nodes on a real PostgreSQL. A run is ordered; whichever node begins its step is killed there,
and the other's beginning is waited for.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bench.rows import Row
from jobs.api import Facts, Job, JobContext, ReceiptFacts, StartsOn, Step
from scheduler import daemon
from scheduler.ledger import runs
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import NodeRow
from scheduler.schema import upgrade
from scheduler.settings import Settings, read_settings
from tests import postgres
from tests.scheduler.test_durable import add_occurrence

ROUNDS = 3
NODES = ("node-1", "node-2")
DEFAULTS = {
    name: Settings.model_fields[name].default for name in ("beat_seconds", "dead_after_seconds")
}
LIMIT_SECONDS = sum(DEFAULTS.values()) + 5


def run() -> Iterator[Row]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres.own_server(postgres.UNSAFE_BUT_FAST))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aarshjul-bench-")))
        took = list(_rounds(server.url, folder))
    beat, dead_after = DEFAULTS.values()
    title = "Take-over of a run after SIGKILL of its node, PostgreSQL, median"
    yield Row(
        title,
        statistics.median(took),
        LIMIT_SECONDS,
        "s",
        f"the limit: a beat ({beat:g} s), the time until dead ({dead_after:g} s) and 5 s",
    )


def _rounds(url: str, folder: Path) -> Iterator[float]:
    database = open_database(url)
    upgrade(database)
    nodes = {name: _start(name, url, folder) for name in NODES}
    try:
        for number in range(1, ROUNDS + 1):
            _wait(lambda: all(_steady(database, *node) for node in nodes.items()))
            _order(database, number)
            began = folder / f"began-{number}"
            _wait(lambda began=began: began.exists() and began.read_text().count("\n") == 1)
            victim = began.read_text().split()[0]
            killed = time.time()
            nodes[victim].kill()
            nodes[victim].wait()
            _wait(lambda began=began: began.read_text().count("\n") == 2)
            yield float(began.read_text().split()[3]) - killed
            nodes[victim] = _start(victim, url, folder)
    finally:
        for process in nodes.values():
            process.kill()
            process.wait()
        database.dispose()


def _start(name: str, url: str, folder: Path) -> "subprocess.Popen[bytes]":
    own = {"AARSHJUL_NODE": name, "AARSHJUL_DATABASE_URL": url, "AARSHJUL_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "bench.take_over"]
    return subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.DEVNULL)


def _steady(database, name: str, process: "subprocess.Popen[bytes]") -> bool:
    """Whether this process has gone for longer than the time until a node is taken for dead."""
    with reading(database) as session:
        row = session.get(NodeRow, name)
        gone = row and (datetime.now(UTC) - row.started_at).total_seconds()
        ours = row and row.process_id == process.pid and row.tick_seconds
        return bool(ours and gone > DEFAULTS["dead_after_seconds"] + 2)


def _order(database, number: int) -> None:
    with Session(database) as session, session.begin():
        row = add_occurrence(session, f"stat-test/2026-2027/only/{number}")
        runs.request_run(session, row, 1, "stand", {}, "bench", datetime.now(UTC))


def _wait(condition, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def _stand(ctx: JobContext, _facts: Facts) -> Facts:
    """Note who begins and when; the first stands still, to be killed there."""
    began = ctx.data_dir / f"began-{ctx.order.scope}"
    first = not began.exists()
    with began.open("a", encoding="utf-8") as lines:
        lines.write(f"{os.environ['AARSHJUL_NODE']} {time.time()}\n")
    if first:
        time.sleep(600)
    return {"receipt": ReceiptFacts("delivery", "bench", "1", {}).as_json()}


if __name__ == "__main__":
    daemon.JOBS = {"stand": Job("stand", "Stå", StartsOn.DUE, (Step("stand", "Stå", _stand),))}
    daemon.run(read_settings(calendar=Path("none.yaml"), tick_seconds=0.5))
