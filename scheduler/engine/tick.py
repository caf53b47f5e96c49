"""The tick: look at the calendar, the inbox and the ledger, decide, start, note that we did.

Everything here may be repeated: the plan by keys, a start by the run's unique number, a
submission by the workflow id. A crash between any two lines is mended by the next tick.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from jobs.imports.inbox import scan_inbox
from scheduler.calendar import Calendar, CalendarError, parse_calendar
from scheduler.engine.clock_guard import ClockGuard
from scheduler.engine.decide import Start
from scheduler.engine.durable import DurableEngine
from scheduler.engine.feed_publisher import FeedPublisher
from scheduler.engine.proving import Prover
from scheduler.engine.reclaim import Reclaimer
from scheduler.engine.rehearse import rehearse
from scheduler.engine.snapshot import import_routes, requested_orders
from scheduler.engine.starting import Starter
from scheduler.engine.steer import steer
from scheduler.ledger import runs
from scheduler.ledger.database import reading
from scheduler.ledger.findings import Sort
from scheduler.ledger.history import newest_version
from scheduler.ledger.itself import SAVED
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.read import version_in_use
from scheduler.ledger.tables import NodeRow
from scheduler.logs import about
from scheduler.publishing.impact import blast_radius
from scheduler.publishing.on_disk import is_old, was_published
from scheduler.publishing.publish import publish
from scheduler.settings import Settings

log = logging.getLogger(__name__)

MOST_TOLD = 20  # findings on the health page; `aarshjul verify` names them all
UNPROVED = "Årshjulet og basen kunne ikke holdes mot hverandre"


@dataclass
class Ticker:
    """One scheduler node's tick: owns the calendar in use and the way to the engine."""

    settings: Settings
    database: Engine
    engine: DurableEngine
    feeds: FeedPublisher
    guard: ClockGuard | None = None
    calendar: Calendar | None = None
    calendar_fault: str = ""
    calendar_waiting: str = ""
    proof_fault: str = ""
    _seen: str | None = None
    _cycles: tuple[str, str] | None = None
    _version: int | None = None
    _is_old: bool = False
    proof_counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prover = Prover(self.database, self.engine.work)
        self.starter = Starter(self.database)
        self.reclaimer = Reclaimer(self.engine, self.settings.node)

    def tick(self, now: datetime) -> list[Start]:
        """One round; returns what it started. A next tick mends what this one left undone."""
        if self.guard is not None:
            self.guard.look(now)
        self.refresh_calendar(now)
        with about(calendar_version=self._version):
            return self._round(now)

    def _round(self, now: datetime) -> list[Start]:
        started: list[Start] = []
        if self.calendar is not None:
            self._take_in_files(self.calendar, now)
            started = self.starter.start(self.calendar, now)
            if not self.starter.cycle_waiting:
                rehearse(self.database, self.engine, self.calendar, planned_cycles(now)[0], now)
        steer(self.database, self.engine, now)
        self.submit_requested()
        self.engine.pace()
        self.reclaimer.look()
        if self.calendar is not None:
            self._prove(self.calendar, now)
        self._note_tick(now)
        return started

    def refresh_calendar(self, now: datetime) -> None:
        """Publish calendar.yaml when it was saved; take over what someone else published.

        A new school year is planned on its first day. A file with a fault, one that is old, or one
        that waits for `aarshjul calendar publish`, is reported and not taken into use; the version
        in use holds.
        """
        text, cycles, version = self._read_calendar(), planned_cycles(now), self._newest_version()
        looked_at_anew = text != self._seen or cycles != self._cycles
        if not looked_at_anew and version == self._version:
            return
        if text is not None:
            self._is_old = self._finds_old(text, version)
        if text is None or not self._take(text, now, saved=looked_at_anew):
            self._plan_version_in_use(now)
        self._seen, self._cycles, self._version = text, cycles, self._newest_version()

    def _read_calendar(self) -> str | None:
        try:
            return self.settings.calendar.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self._report_fault(f"{self.settings.calendar.name}: kan ikke leses ({error})")
            return None

    def _newest_version(self) -> int | None:
        with reading(self.database) as session:
            newest = newest_version(session)
            return newest.number if newest else None

    def _finds_old(self, text: str, version: int | None) -> bool:
        """Whether the file is from before the version in use: it would take back what came since.

        At the start it is when an earlier version said the same; later, when somebody else published
        since this node looked, whatever was saved meanwhile. It is until it says what is in use.
        """
        with reading(self.database) as session:
            if version is None or text == version_in_use(session):
                return False
            if self._seen is None:
                return self._is_old or was_published(session, text)
        return self._is_old or version != self._version

    def _take(self, text: str, now: datetime, *, saved: bool) -> bool:
        """Take the file into use if it may be; False when the version in use is to hold."""
        self.calendar_waiting = ""
        try:
            calendar = parse_calendar(text, self.settings.calendar.name)
        except CalendarError as error:
            self._report_fault(str(error))
            return False
        self.calendar_fault = ""
        with reading(self.database) as session:
            in_use = version_in_use(session)
            on_save = saved and self.settings.publish == "on-save" and not self._is_old
            if text != in_use and in_use is not None and not on_save:
                self.calendar_waiting = self._waiting(session, calendar, now)
                return False
        self._publish(calendar, text, now)
        return True

    def _waiting(self, session: Session, calendar: Calendar, now: datetime) -> str:
        newest = newest_version(session)
        if self._is_old and newest is not None:
            return is_old(newest.number)
        return blast_radius(session, calendar, now).headline

    def _publish(self, calendar: Calendar, text: str, now: datetime) -> None:
        with Session(self.database) as session, session.begin():
            found = publish(session, calendar, text, SAVED, "", now)
            log.info("planned: %s", found.plan, extra={"action": "plan"})
        self.calendar = calendar
        self.feeds.mark_stale()

    def _plan_version_in_use(self, now: datetime) -> None:
        with reading(self.database) as session:
            text = version_in_use(session)
        try:
            calendar = parse_calendar(text, SAVED) if text is not None else None
        except CalendarError as error:  # written for an older release; the file must be right
            self._report_fault(self.calendar_fault or str(error))
            return
        if text is not None and calendar is not None:
            self._publish(calendar, text, now)

    def _report_fault(self, fault: str) -> None:
        if fault != self.calendar_fault:
            log.error("%s", fault, extra={"action": "calendar-fault"})
        self.calendar_fault = fault

    def _take_in_files(self, calendar: Calendar, now: datetime) -> None:
        routes = import_routes(calendar)
        scan_inbox(self.database, self.settings.data_dir, now, routes)

    def submit_requested(self) -> None:
        """Hand every requested run to the engine, also one a crash left behind."""
        with reading(self.database) as session:
            orders = requested_orders(session)
        for order in orders:
            self.engine.submit(order)
            with Session(self.database) as session, session.begin():
                runs.mark_running(session, order["run_id"])

    def _prove(self, calendar: Calendar, now: datetime) -> None:
        """Hold the ledger against the calendar and the engine; what is found anew is logged.

        It mends nothing: a run that was ordered is submitted by the tick itself, the engine resumes
        what it had begun when it starts, and a start plans what the calendar has.
        """
        try:
            found = self.prover.look(calendar, now, self.starter.ordered)
        except Exception as error:  # a tick that has done its work has done it
            log.exception("the proof failed", extra={"action": "proof"})
            self.proof_fault = f"{UNPROVED} ({type(error).__name__}). Se loggen."
            self.proof_counts = {Sort.UNPROVED.value: 1}
            return
        fault = "\n".join(f"{each.key}: {each.sentence}" for each in found.findings[:MOST_TOLD])
        if fault and fault != self.proof_fault:
            log.warning("%s", fault, extra={"action": "proof", "findings": len(found.findings)})
        self.proof_fault, self.proof_counts = fault, found.counts

    def note_silence(self) -> None:
        """Tell that this node ticks no more, so that its health need not wait for the tick to age."""
        mine = update(NodeRow).where(NodeRow.name == self.settings.node)
        with Session(self.database) as session, session.begin():
            session.execute(mine.values(tick_seconds=0))

    def _note_tick(self, now: datetime) -> None:
        with Session(self.database) as session, session.begin():
            node = session.get_one(NodeRow, self.settings.node)  # made when the service began
            node.ticked_at, node.tick_seconds = now, self.settings.tick_seconds
            node.calendar_fault, node.feed_fault = self.calendar_fault, self.feeds.fault
            node.calendar_waiting, node.cycle_waiting = (
                self.calendar_waiting,
                self.starter.cycle_waiting,
            )
            node.proof_fault, node.proof_counts = self.proof_fault, self.proof_counts
