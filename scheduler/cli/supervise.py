"""Supervise: run processes side by side, start one again that dies, end them all together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import click

END_SECONDS = 30
LOOK_SECONDS = 0.5
# A process that lived this long had started well; its next death counts as its first.
SETTLED_SECONDS = 60
MOST_DEATHS = 5


@dataclass
class Child:
    """A process of ours with a name people know; starts again after 1, 2, 4 … seconds."""

    name: str
    command: Sequence[str]
    deaths: int = 0
    started_at: float = 0.0
    start_after: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        # A session of its own: a terminal's Ctrl+C reaches us alone, and we end it in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own command
        self.started_at = time.monotonic()

    def look(self) -> None:
        """Notice a death, and start again when its time has come."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self._note_death(now)
        if self.process is None and self.deaths < MOST_DEATHS and now >= self.start_after:
            self.start()

    def _note_death(self, now: float) -> None:
        settled = now - self.started_at > SETTLED_SECONDS
        self.deaths = 1 if settled else self.deaths + 1
        self.process, self.start_after = None, now + 2 ** (self.deaths - 1)
        again = "startes på nytt" if self.deaths < MOST_DEATHS else "gir opp etter fem forsøk"
        click.echo(f"{self.name} stoppet uventet; {again}.", err=True)

    @property
    def given_up(self) -> bool:
        return self.process is None and self.deaths >= MOST_DEATHS

    def end(self) -> None:
        """Ask it and what it started to stop; insist when it does not."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()

    def _signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)


def run_together(children: Sequence[Child], ready: str) -> None:
    """Run until told to stop (SIGINT, SIGTERM) or until one keeps dying; then end them all."""
    with _stop_signals() as stopped:
        for child in children:
            child.start()
        click.echo(ready)
        while not stopped and not any(child.given_up for child in children):
            time.sleep(LOOK_SECONDS)
            for child in children:
                child.look()
        click.echo("Avslutter …")
        for child in children:
            child.end()
    if not stopped:
        sys.exit(1)


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """The stop signals received so far; more of them change nothing."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
