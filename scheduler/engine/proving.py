"""Proving: hold calendar, ledger and engine against each other, again and again.

The engine is asked before the ledger is read, so that work which ends meanwhile is no finding.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select

from jobs.register.deliveries import waiting_deliveries
from jobs.register.tables import Delivery
from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.decide import Candidate, decide
from scheduler.engine.snapshot import read_candidates
from scheduler.ledger.database import reading
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.proof import Proof, Targets, live_runs, prove
from scheduler.ledger.run_ids import id_of_run
from scheduler.ledger.version_proof import LastVersions
from scheduler.publishing.dates import dates_sha256
from scheduler.publishing.rollover import startable

# Longer than the longest tick: what came of a start is then in the ledger.
STARTED_WITHIN = timedelta(minutes=1)


@dataclass
class Prover:
    """Proves in one process; `work` asks the engine of these runs and all that it has not finished.

    Each look matches every row, run and receipt. The first of a day, and every look while
    something does not match, also reads what each calendar version left.
    """

    database: Engine
    work: Callable[[Sequence[str]], Mapping[str, str | None]]
    _versions: LastVersions = field(default_factory=LastVersions)
    _targets: Targets | None = None
    _whole_on: date | None = None

    def look(self, calendar: Calendar, now: datetime, starts: Iterable[str] = ()) -> Proof:
        """Prove at an instant; `starts` is the runs that should be there by now."""
        if self._targets is None or not self._targets.hold(calendar, now):
            self._targets = Targets.of(calendar, now)
        today = now.astimezone(OSLO).date()
        found = self._proof(self._targets, now, starts, whole=self._whole_on != today)
        self._whole_on = None if found.findings else today
        return found

    def whole(self, calendar: Calendar, now: datetime, year: str | None = None) -> Proof:
        """Everything, or all that is of one school year, with no tick at hand to say what is due."""
        starts = _overdue(self.database, calendar, planned_cycles(now)[0], now)
        return self._proof(Targets.of(calendar, now, year), now, starts, year=year)

    def _proof(
        self,
        targets: Targets,
        now: datetime,
        starts: Iterable[str],
        *,
        whole: bool = True,
        year: str | None = None,
    ) -> Proof:
        with reading(self.database) as session:
            running = live_runs(session)
        work = self.work(running)
        with reading(self.database) as session:
            return prove(
                session, targets, work, now, starts, year, whole=whole, versions=self._versions
            )


def _overdue(database: Engine, calendar: Calendar, cycle: str, now: datetime) -> list[str]:
    """The runs that some tick should have ordered by now, as the world was a minute ago."""
    then = now - STARTED_WITHIN
    waiting = waiting_deliveries(database)
    with reading(database) as session:
        came = select(Delivery.id).where(Delivery.id.in_(waiting.values()))
        old = set(session.scalars(came.where(Delivery.received_at <= then)))
        kept = {line: number for line, number in waiting.items() if number in old}
        approved = startable(session, cycle, dates_sha256(calendar, cycle))
        candidates = read_candidates(session, calendar, approved, kept, then)
    return [id_of_run(start.key, start.number) for start in decide(then, _before(then, candidates))]


def _before(then: datetime, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The candidates without what was met since."""
    for candidate in candidates:
        yield replace(
            candidate,
            predecessors=tuple(
                replace(each, met_at=None) if each.met_at and each.met_at > then else each
                for each in candidate.predecessors
            ),
        )
