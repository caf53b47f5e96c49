"""Agenda: every instant of the simulated years at which something happens, and what; pure.

Between two instants nothing can change, so nothing is waited for.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import Calendar, SchoolYear, expand
from scheduler.engine.decide import start_instant
from scheduler.simulate.clock import in_oslo
from scheduler.simulate.counties import WORKDAYS, Deed, What, deeds
from scheduler.simulate.faults import Strike, strikes
from scheduler.simulate.scenario import Scenario

DAY, MONDAY = timedelta(days=1), 0
A_MOMENT = timedelta(seconds=15)


@dataclass(slots=True)
class Moment:
    """What happens at one instant, in this order: faults end and begin, deeds, tick, messages."""

    ends: list[Strike] = field(default_factory=list)
    begins: list[Strike] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    approves: str = ""
    is_round: bool = False
    ticks: bool = False

    @property
    def works(self) -> bool:
        """Whether something may have to start; a round of messages alone starts nothing."""
        return bool(self.ticks or self.ends or self.begins or self.deeds or self.approves)


Agenda = dict[datetime, Moment]


def agenda(calendar: Calendar, scenario: Scenario) -> Agenda:
    """All moments of the scenario, in order of time."""
    found: Agenda = defaultdict(Moment)
    for cycle in scenario.cycles:
        _fill(found, calendar, cycle, scenario)
    return dict(sorted(found.items()))


def _fill(found: Agenda, calendar: Calendar, cycle: str, scenario: Scenario) -> None:
    year = SchoolYear(cycle)
    found[in_oslo(year.first_day, 0, 1)].ticks = True
    for day in _days(year):
        if WORKDAYS.is_working(day):
            found[in_oslo(day, 8)].is_round = True
        if day.weekday() == MONDAY:  # also a week in which nothing happens is proved
            found[in_oslo(day, 8)].ticks = True
    leaving = sorted({start_instant(due).astimezone(UTC) for due in _leaving(calendar, cycle)})
    for at in leaving:
        found[at].ticks = True
    done = deeds(calendar, cycle, scenario.seed, scenario.data)
    for deed in done:
        found[deed.at].deeds.append(deed)
    found[in_oslo(date(year.start_year + 1, 6, 15), 9)].approves = str(year.next)
    ends = in_oslo(year.last_day, 12)
    busy = sorted({*leaving, *(deed.at for deed in done)})
    running = sorted({*leaving, *(deed.at for deed in done if deed.what is What.FILE)})
    for strike in strikes(cycle, scenario.seed, scenario.faults, busy, running, ends):
        found[strike.at].begins.append(strike)
        if strike.until > strike.at:
            found[strike.until].ends.append(strike)
            for at in (strike.at, strike.until):
                found[at + A_MOMENT].ticks = True


def _days(year: SchoolYear) -> Iterator[date]:
    day = year.first_day
    while day <= year.last_day:
        yield day
        day += DAY


def _leaving(calendar: Calendar, cycle: str) -> Iterator[date]:
    """The days on which something leaves by itself."""
    for occurrence in expand(calendar, cycle):
        job = JOBS.get(calendar.deliverables[occurrence.deliverable].job or "")
        if job is not None and job.starts_on is StartsOn.DUE:
            yield occurrence.due
