"""Fuse: lets the process die at a chosen step of a run, or in the middle of a tick.

A death is told to the engine as a stop between two steps that nobody asked for: what the step had
not recorded is lost, the run is not settled, and whatever else goes on in the process halts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Event, Lock
from typing import Any

from sqlalchemy.orm import Session

from jobs.api import DataStep, Facts, Job, JobContext, Step
from scheduler.engine import draining
from scheduler.engine.durable import DurableEngine
from scheduler.simulate.scenario import Fault


class Crash(BaseException):
    """The process is dead; no error, so that nobody may catch and record it."""


@dataclass
class Fuse:
    """Armed with faults, it blows once for each, when the work that one waits for comes by.

    `armed` is how many such pieces of work are still to come before each strikes.
    """

    armed: dict[Fault, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock, self._blown = Lock(), Event()

    def arm(self, fault: Fault, steps: int) -> None:
        self.armed[fault] = steps

    def look(self) -> None:
        """To be called by the one who leads the clock; raises Crash when the process has died."""
        if self._blown.is_set():
            raise Crash

    def mend(self) -> None:
        """For the process that comes after."""
        self._blown.clear()

    def step(self, fault: Fault) -> None:
        """A step is at the point where `fault` strikes; dies when its turn has come."""
        if not self._is_its_turn(fault):
            return
        draining.begin()
        self._blown.set()
        raise draining.Halted

    def tick(self) -> None:
        """A tick is between a run's order and its note; dies when its turn has come."""
        if self._is_its_turn(Fault.CRASH_IN_TICK):
            draining.begin()
            raise Crash

    def _is_its_turn(self, fault: Fault) -> bool:
        with self._lock:
            if fault not in self.armed:
                return False
            self.armed[fault] -= 1
            if self.armed[fault] > 0:
                return False
            del self.armed[fault]
            return True


def fused(jobs: Mapping[str, Job], fuse: Fuse) -> dict[str, Job]:
    """The same jobs, whose steps can be the last thing that a process does."""
    return {
        name: replace(job, steps=tuple(_fused(step, fuse) for step in job.steps))
        for name, job in jobs.items()
    }


def _fused(step: Step | DataStep, fuse: Fuse) -> Step | DataStep:
    if isinstance(step, DataStep):
        return replace(step, body=_Rows(step, fuse))
    return replace(step, body=_Effect(step, fuse))


@dataclass(frozen=True, slots=True)
class _Effect:
    """A step's body; dies before it, or when its effect is made and not yet recorded."""

    step: Step
    fuse: Fuse

    def __call__(self, context: JobContext, facts: Facts) -> Facts:
        self.fuse.step(Fault.CRASH_IN_STEP)
        try:
            return self.step.body(context, facts)
        finally:  # what it refuses is as little recorded as what it made
            self.fuse.step(Fault.CRASH_AFTER_STEP)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The same for rows, which are written and not yet committed."""

    step: DataStep
    fuse: Fuse

    def __call__(self, context: JobContext, session: Session, facts: Facts) -> Facts:
        self.fuse.step(Fault.CRASH_IN_STEP)
        try:
            return self.step.body(context, session, facts)
        finally:
            self.fuse.step(Fault.CRASH_AFTER_STEP)


class FusedEngine(DurableEngine):
    """An engine whose process can die right after a run was handed to it, before that is noted."""

    fuse: Fuse

    def submit(self, order: Mapping[str, Any]) -> None:
        super().submit(order)
        self.fuse.tick()
