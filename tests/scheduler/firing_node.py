"""A node that fires given occurrences at given instants, beside another that does the same."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from scheduler import daemon
from scheduler.engine.decide import Start, Why
from scheduler.settings import read_settings
from tests.scheduler.engine_jobs import TEST_JOBS

ROUNDS = int(os.environ.get("FIRING_ROUNDS", "50"))
APART = 0.1  # seconds


def key(number):
    return f"stat-test/2026-2027/only/{number:04}"


def fire(data_dir):
    """Fire all rounds once the file `go` names the first instant, then work until killed."""
    daemon.JOBS = TEST_JOBS
    folder = Path(data_dir)
    settings = read_settings(data_dir=folder, calendar=folder / "none.yaml")
    job = SimpleNamespace(deliverables={"stat-test": SimpleNamespace(job="good")})
    with daemon.Service(settings, lambda: datetime.now(UTC)) as service:
        (folder / f"ready-{settings.node}").touch()
        while not (folder / "go").exists():
            time.sleep(0.01)
        first = float((folder / "go").read_text(encoding="utf-8"))
        won = 0
        for number in range(ROUNDS):
            start = Start(key(number), 1, {}, Why.DUE)
            while time.time() < first + number * APART:
                pass
            won += service.ticker.starter._request(job, start, service.clock())
            service.ticker.submit_requested()
        (folder / f"won-{settings.node}").write_text(str(won), encoding="utf-8")
        time.sleep(600)


if __name__ == "__main__":
    fire(sys.argv[1])
