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

# What a process may take to end beside the time that it lets its work finish in.
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

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """To it and to what it started."""
        if self.process is not None and self.lives:
            os.killpg(self.process.pid, number)


def run_together(children: Sequence[Child], ready: str, drain_seconds: float = 0) -> None:
    """Run until told to stop (SIGINT, SIGTERM) or until one keeps dying; then end them all.

    They have `drain_seconds` to let their work finish; a second signal ends them at once.
    """
    with _stop_signals() as stopped:
        for child in children:
            child.start()
        click.echo(ready)
        while not stopped and not any(child.given_up for child in children):
            time.sleep(LOOK_SECONDS)
            for child in children:
                child.look()
        click.echo("Avslutter …")
        _end(children, stopped, drain_seconds + END_SECONDS)
    if not stopped:
        sys.exit(1)


def _end(children: Sequence[Child], stopped: Sequence[int], seconds: float) -> None:
    """Ask all of them to stop; insist when they do not, or when we are told again."""
    for child in children:
        child.signal(signal.SIGTERM)
    until = time.monotonic() + seconds
    while any(child.lives for child in children):
        if len(stopped) > 1 or time.monotonic() > until:
            for child in children:
                child.signal(signal.SIGKILL)
        time.sleep(LOOK_SECONDS / 5)


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """The stop signals received so far."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
