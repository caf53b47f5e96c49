"""Nodes of the service in processes of their own, and how late each step of theirs began."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.due_together.node import began_file, ready_file

HEAD_START, LIMIT = 6.0, 900.0  # seconds before they are due, at least, and after it


def lags(
    url: str, folder: Path, calendar: Path, nodes: int, tick: float, count: int
) -> list[float]:
    """Seconds from the instant `count` deliveries are due until each began; the ledger is planned."""
    head_start = max(
        HEAD_START, tick - 1
    )  # so that there are ticks before it, and one a second after
    names, go = [f"node-{number + 1}" for number in range(nodes)], folder / "go"
    own = {
        "AARSHJUL_DATA_DIR": str(folder),
        "AARSHJUL_CALENDAR": str(calendar),
        "AARSHJUL_TICK_SECONDS": str(tick),
        "AARSHJUL_DATABASE_URL": url,
    }
    with ExitStack() as stack:
        for name in names:
            command = [sys.executable, "-m", "bench.due_together.node", str(go)]
            stack.enter_context(process(command, own | {"AARSHJUL_NODE": name}))
        wait(lambda: all(ready_file(folder, name).exists() for name in names), LIMIT)
        due = time.time() + head_start
        put(go, str(due))
        wait(lambda: len(began(folder, names)) >= count, head_start + LIMIT)
    found = began(folder, names)
    assert len(found) == count, f"{len(found)} of {count} began"
    return [at - due for at in found]


def began(folder: Path, names: list[str]) -> list[float]:
    files = (began_file(folder, name) for name in names)
    lines = (line for file in files if file.exists() for line in file.read_text().splitlines(True))
    return [float(line) for line in lines if line.endswith("\n")]


@contextmanager
def process(command: list[str], own: dict[str, str]) -> Iterator[None]:
    """A process that is killed when the block ends."""
    with subprocess.Popen(command, env={**os.environ, **own}) as running:
        try:
            yield
        finally:
            running.kill()


def put(path: Path, text: str) -> None:
    """Write a file that somebody waits for, whole."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.rename(path)


def wait(condition: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)
