"""Starting: order the runs that are due, and write down which deadlines went by without one."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs.register.deliveries import waiting_deliveries
from scheduler.calendar import Calendar
from scheduler.engine.decide import Start, decide
from scheduler.engine.missed import missed, note
from scheduler.engine.snapshot import read_candidates
from scheduler.engine.word import by_word
from scheduler.ledger import runs
from scheduler.ledger.database import reading
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.run_ids import id_of_run
from scheduler.ledger.tables import OccurrenceRow
from scheduler.publishing.dates import dates_sha256
from scheduler.publishing.rollover import refusal, startable

log = logging.getLogger(__name__)


@dataclass
class Starter:
    """Starts what is due; keeps what the last round ordered, and whether the year waits for a yes."""

    database: Engine
    cycle_waiting: str = ""
    ordered: list[str] = field(default_factory=list)

    def start(self, calendar: Calendar, now: datetime) -> list[Start]:
        """Write the runs to start at `now`; returns those that this node was the first to write."""
        waiting, cycle = waiting_deliveries(self.database), planned_cycles(now)[0]
        with reading(self.database) as session:
            approved = startable(session, cycle, dates_sha256(calendar, cycle))
            candidates = read_candidates(session, calendar, approved, waiting, now)
        self.cycle_waiting = "" if approved[cycle] else refusal(cycle)
        starts = decide(now, candidates)
        note(self.database, missed(now, candidates, starts), now)
        self.ordered = [id_of_run(start.key, start.number) for start in starts]
        return [start for start in starts if self._request(calendar, start, now)]

    def _request(self, calendar: Calendar, start: Start, now: datetime) -> bool:
        """Write the run; False when another node was first, which is fine."""
        try:
            with Session(self.database) as session, session.begin():
                row = session.get_one(OccurrenceRow, start.key)
                job = calendar.deliverables[row.deliverable].job or ""
                inputs = start.inputs | by_word(session, job, row.cycle, row.scope)
                runs.request_run(session, row, start.number, job, inputs, start.why.value, now)
        except IntegrityError:
            return False
        said = {"action": "start", "occurrence": start.key, "attempt": start.number}
        log.info("%s starts: %s", id_of_run(start.key, start.number), start.why, extra=said)
        return True
