"""Risk: how likely a delivery is to be late, from when it came in earlier years; pure functions.

Days are working days before the deadline that held: 3 is three days to spare, 0 the day itself,
-2 two days after it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Self

from scheduler.calendar.saying import Say, as_it_stands
from scheduler.calendar.words import count

# From here on it is said to be at risk; bench/risk.py shows what that finds and what it cries for.
HIGH = 0.7
# How far ahead anything is said at all, in working days: about a month.
LOOKS_AHEAD = 20
# All others' years together weigh as two years of one's own.
WEIGHT_OF_OTHERS = 2.0
# A deadline that passed with nothing delivered.
NEVER = -1000


@dataclass(frozen=True, slots=True)
class Arrival:
    """When one county's delivery came in one earlier turn; `days` may be NEVER."""

    cycle: str
    scope: str
    days: int

    @property
    def late(self) -> bool:
        return self.days < 0


@dataclass(frozen=True, slots=True)
class Risk:
    """The estimated probability of being late, the working days left, and why, in one sentence.

    It is inferred from earlier years (I), never known; whoever shows it must say so.
    """

    probability: float
    days_left: int
    reason: str

    @property
    def high(self) -> bool:
        return self.probability >= HIGH

    @property
    def sentence(self) -> str:
        """What people read: the estimate, called an estimate, and its reason."""
        return f"{self.told()} {self.reason}".rstrip()

    def told(self, say: Say = as_it_stands) -> str:
        """The estimate alone."""
        percent = f"{100 * self.probability:.0f}"
        said = say("Anslag fra tidligere år: %(percent)s %% fare for forsinkelse.")
        return said % {"percent": percent}


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The earlier turns of a deadline, put in order once for all that are assessed by them.

    Equal to none but itself, so that what it tells can be kept by it.
    `late` and `in_time` are everybody's days, in rising order; `own` is the same of each county.
    """

    turns: Sequence[Arrival]
    late: Sequence[int]
    in_time: Sequence[int]
    own: Mapping[str, "Known"]

    @classmethod
    def of(cls, arrivals: Iterable[Arrival]) -> Self:
        of_scope: dict[str, list[Arrival]] = {}
        for arrival in arrivals:
            of_scope.setdefault(arrival.scope, []).append(arrival)
        own = {scope: cls(turns, *_parted(turns), {}) for scope, turns in of_scope.items()}
        every = list(chain.from_iterable(of_scope.values()))
        return cls(every, *_parted(every), own)

    def out(self, days_left: int) -> int:
        """How many of those that came in time were still out with so many days left.

        What came on that very day was: the day is not over.
        """
        return bisect_right(self.in_time, days_left)


_NOTHING = Known((), (), (), {})


def _parted(arrivals: Iterable[Arrival]) -> tuple[list[int], list[int]]:
    """The days of what was late, and of what came in time."""
    late: list[int] = []
    in_time: list[int] = []
    for arrival in arrivals:
        (late if arrival.late else in_time).append(arrival.days)
    return sorted(late), sorted(in_time)


@lru_cache(maxsize=4096)
def assess(known: Known, scope: str, name: str, days_left: int) -> Risk | None:
    """How likely what has not come with `days_left` working days to go is to be late.

    Bayes' rule: being late has a prior probability, what is late was certainly still out at this
    time, and of what came in time a share was still out as well. Both shares are the county's own,
    drawn towards those of all counties by WEIGHT_OF_OTHERS turns (the posterior mean of a
    beta-binomial): two own years weigh as much as the whole country, four years twice as much. None
    without earlier turns, or further ahead than LOOKS_AHEAD.
    """
    if not known.turns or not 0 <= days_left <= LOOKS_AHEAD:
        return None
    own = known.own.get(scope, _NOTHING)
    of_all = _share(len(known.late), len(known.turns), 0.5)
    late = _share(len(own.late), len(own.turns), of_all)
    others_out = _share(known.out(days_left), len(known.in_time), 0.5)
    out = _share(own.out(days_left), len(own.in_time), others_out)
    probability = late / (late + (1 - late) * out)
    return Risk(probability, days_left, _reason(known, own, name, days_left))


def _share(seen: int, turns: int, towards: float) -> float:
    """How often it was so, drawn towards another share by the weight of WEIGHT_OF_OTHERS turns."""
    return (seen + WEIGHT_OF_OTHERS * towards) / (turns + WEIGHT_OF_OTHERS)


def _reason(known: Known, own: Known, name: str, days_left: int) -> str:
    if own.late and not own.in_time and own.late[0] != NEVER:
        return f"{name} leverte {_last(own.turns)} {_span(own.late)} etter fristen."
    if own.late:
        times = count(len(own.turns), "gang", "ganger")
        return f"{name} var for sen {len(own.late)} av {times} i tidligere år."
    slow = len(known.late)
    if out := slow + known.out(days_left):
        return f"Av {out} som i tidligere år ikke hadde levert på denne tiden, ble {slow} for sene."
    return "I tidligere år hadde alle levert på denne tiden."


def _last(own: Sequence[Arrival]) -> str:
    yearly = len({arrival.cycle for arrival in own}) == len(own)
    if len(own) == 1:
        return "forrige år" if yearly else "forrige gang"
    return f"de {len(own)} siste {'årene' if yearly else 'gangene'}"


def _span(late: Iterable[int]) -> str:
    """How long after: "1–2 arbeidsdager"."""
    days = sorted({-after for after in late})
    if len(days) == 1:
        return count(days[0], "arbeidsdag", "arbeidsdager")
    return f"{days[0]}–{days[-1]} arbeidsdager"


@dataclass(frozen=True, slots=True)
class Curve:
    """A school year's arrivals of one deadline: how many came, and when, out of how many."""

    cycle: str
    days: tuple[int, ...]
    total: int

    def come(self, days_left: int) -> int:
        """How many had come with so many working days left."""
        return sum(days >= days_left for days in self.days)

    def share(self, days_left: int) -> float:
        return self.come(days_left) / self.total if self.total else 0.0


def curves(arrivals: Iterable[Arrival]) -> list[Curve]:
    """One curve for each school year, the oldest first."""
    by_cycle: dict[str, list[int]] = {}
    for arrival in arrivals:
        by_cycle.setdefault(arrival.cycle, []).append(arrival.days)
    return [Curve(cycle, tuple(days), len(days)) for cycle, days in sorted(by_cycle.items())]
