"""House: the real service of a simulation, which can be closed, opened again, and die."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from jobs import JOBS
from scheduler.engine.durable import DurableEngine
from scheduler.settings import Settings
from scheduler.simulate.clock import LedClock
from scheduler.simulate.fuse import Crash, Fuse, FusedEngine, fused
from scheduler.simulate.led import LedService, tick_and_wait


class SimulatedService(LedService):
    """The service with fused jobs."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], fuse: Fuse) -> None:
        self.fuse = fuse
        super().__init__(settings, clock)

    def new_engine(self) -> DurableEngine:
        parts = replace(self.parts(), jobs=fused(JOBS, self.fuse))
        config = self.settings
        engine = FusedEngine(config.engine_url, config.node, config.worker_concurrency, parts)
        engine.fuse = self.fuse
        return engine


@dataclass
class House:
    """One node's service over a year; `crashes` counts how often its process has died."""

    settings: Settings
    clock: LedClock
    fuse: Fuse = field(default_factory=Fuse)
    crashes: int = 0
    _service: SimulatedService | None = None

    @property
    def service(self) -> SimulatedService:
        """The service, which must be open."""
        if self._service is None:
            raise RuntimeError("the service is closed")
        return self._service

    def open(self) -> None:
        """Start the process; what was begun goes on."""
        if self._service is None:
            self._service = SimulatedService(self.settings, self.clock, self.fuse)
            self._service.__enter__()

    def close(self) -> None:
        """End the process at once, without letting anything finish."""
        if self._service is not None:
            self._service.__exit__(None, None, None)
            self._service = None

    def work(self) -> None:
        """One tick and all that follows of it; a process that dies is started again."""
        while True:
            try:
                tick_and_wait(self.service, self.fuse.look)
            except Crash:
                self.crashes += 1
                self.close()
                self.fuse.mend()
                self.open()
            else:
                return
