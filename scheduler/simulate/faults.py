"""Faults: when which of them strikes in a school year, drawn from the seed; pure.

Faults strike where they can do harm: at the instants when runs begin, files come or reminders go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from scheduler.simulate.scenario import Fault

MOST_STEPS = 2
JUST_BEFORE = timedelta(minutes=2)
HOUR = timedelta(hours=1)
OUTAGES = {
    Fault.OUTAGE_2_S: timedelta(seconds=2),
    Fault.OUTAGE_1_H: HOUR,
    Fault.OUTAGE_3_D: timedelta(days=3),
    Fault.OUTAGE_40_D: timedelta(days=40),
}
CLOCK_ERRORS = {Fault.CLOCK_AHEAD: HOUR, Fault.CLOCK_BEHIND: -HOUR}
IN_STEPS = (Fault.CRASH_IN_STEP, Fault.CRASH_AFTER_STEP)
CRASHES = (*IN_STEPS, Fault.CRASH_IN_TICK)


@dataclass(frozen=True, slots=True, order=True)
class Strike:
    """One fault: from when, and until when it lasts; a crash strikes at the next `steps`-th step."""

    at: datetime
    fault: Fault
    until: datetime
    steps: int = 1

    @property
    def is_absence(self) -> bool:
        """Whether nobody ticks while it lasts."""
        return self.fault in OUTAGES or self.fault is Fault.DELAY


def strikes(
    cycle: str,
    seed: int,
    wanted: Mapping[Fault, int],
    busy: Sequence[datetime],
    running: Sequence[datetime],
    ends: datetime,
) -> list[Strike]:
    """The faults of a school year, in order of time, none of which lasts longer than `ends`.

    `busy` are the instants at which somebody does something, `running` those at which runs begin:
    a process can die in a step only then.
    """
    found = []
    for fault in Fault:
        chance = Random(f"{seed}/{cycle}/{fault.value}")  # noqa: S311 - a drawn world, no secret
        instants = running if fault in CRASHES else busy
        for _ in range(wanted.get(fault, 0) if instants else 0):
            at = chance.choice(instants) - JUST_BEFORE
            until = min(at + _lasts(fault, chance), ends)
            steps = chance.randint(1, MOST_STEPS) if fault in IN_STEPS else 1
            found.append(Strike(at, fault, until, steps))
    return sorted(found)


def _lasts(fault: Fault, chance: Random) -> timedelta:
    if fault in OUTAGES:
        return OUTAGES[fault]
    if fault is Fault.DELAY:
        return timedelta(minutes=chance.randint(10, 300))
    if fault in CLOCK_ERRORS:
        return timedelta(hours=chance.randint(2, 30))
    if fault in (Fault.PAUSE_UNTIL, Fault.PAUSE_LIFTED):
        return timedelta(days=chance.randint(2, 12))
    return timedelta()
