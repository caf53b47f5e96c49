"""Ten made-up years, and the risk of being late held against them: late ones foretold, alarms that were false.

Synthetic, with a seed, until real years exist: every county has a habit for each deadline (working
days to spare), which drifts from year to year and now and then changes for good; the day itself
scatters around it, and some deliveries meet a mishap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from scheduler.ledger.risk import LOOKS_AHEAD, Arrival, Known, assess

SEED = 2026
YEARS, DEADLINES, COUNTIES = 10, 20, 15
YEARS_BACK = 5
IN_GOOD_TIME = 3  # working days: an alarm later than this comes too late to help
FORETOLD_AT_LEAST, FALSE_AT_MOST = 0.80, 0.20


@dataclass(frozen=True)
class Score:
    """How many were late, were foretold in good time, were alarmed, and were so for nothing."""

    late: int
    foretold: int
    in_time: int
    alarms: int
    false_alarms: int

    @property
    def foretold_share(self) -> float:
        """Of the late ones, those flagged at least IN_GOOD_TIME working days ahead."""
        return self.foretold / self.late

    @property
    def false_share(self) -> float:
        """Of all alarms, on whatever day, those for a delivery that came in time."""
        return self.false_alarms / self.alarms


def history(seed: int) -> list[list[Arrival]]:
    """Ten years of arrivals of each deadline."""
    draw = Random(seed)
    return [list(_deadline(draw)) for _ in range(DEADLINES)]


def _deadline(draw: Random) -> Iterator[Arrival]:
    for county in range(COUNTIES):
        habit = _habit(draw)
        for year in range(YEARS):
            if draw.random() < 0.05:  # a new system, or a new person
                habit = _habit(draw)
            habit += draw.gauss(0, 0.4)
            mishap = draw.randint(2, 8) if draw.random() < 0.03 else 0
            days = round(draw.gauss(habit, 1.2)) - mishap
            yield Arrival(f"{2017 + year}-{2018 + year}", f"{county:02}", days)


def _habit(draw: Random) -> float:
    """Most have some days to spare; one county in six is mostly a few days late."""
    return draw.gauss(-3, 1) if draw.random() < 1 / 6 else draw.gauss(6, 2)


def back_test(deadlines: Sequence[Sequence[Arrival]]) -> Score:
    """Go through the years day by day, each time knowing only the years before."""
    flagged = [
        (arrival, _first_alarm(arrival, deadline))
        for deadline in deadlines
        for arrival in deadline
        if arrival.cycle != deadline[0].cycle
    ]
    late = [day for arrival, day in flagged if arrival.late]
    alarms = [arrival for arrival, day in flagged if day is not None]
    return Score(
        late=len(late),
        foretold=sum(day is not None and day >= IN_GOOD_TIME for day in late),
        in_time=len(flagged) - len(late),
        alarms=len(alarms),
        false_alarms=sum(not arrival.late for arrival in alarms),
    )


def _first_alarm(arrival: Arrival, deadline: Sequence[Arrival]) -> int | None:
    """The day, in working days ahead, on which this delivery was first said to be at risk."""
    cycles = sorted({other.cycle for other in deadline if other.cycle < arrival.cycle})
    known = Known.of(other for other in deadline if other.cycle in cycles[-YEARS_BACK:])
    for day in range(LOOKS_AHEAD, max(arrival.days, 0), -1):
        risk = assess(known, arrival.scope, arrival.scope, day)
        if risk is not None and risk.high:
            return day
    return None
