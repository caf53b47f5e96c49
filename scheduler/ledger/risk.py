"""Risk: how likely a delivery is to be late, from when it came in earlier years; pure functions.

Days are working days before the deadline that held: 3 is three days to spare, 0 the day itself,
-2 two days after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


def assess(arrivals: Sequence[Arrival], scope: str, name: str, days_left: int) -> Risk | None:
    """How likely what has not come with `days_left` working days to go is to be late.

    Bayes' rule: being late has a prior probability, what is late was certainly still out at this
    time, and of what came in time a share was still out as well. Both shares are the county's own,
    drawn towards those of all counties by WEIGHT_OF_OTHERS turns (the posterior mean of a
    beta-binomial): two own years weigh as much as the whole country, four years twice as much. None
    without earlier turns, or further ahead than LOOKS_AHEAD.
    """
    if not arrivals or not 0 <= days_left <= LOOKS_AHEAD:
        return None
    own = [arrival for arrival in arrivals if arrival.scope == scope]
    late = _share(_late(own), _share(_late(arrivals), 0.5))
    out = _share(_out(own, days_left), _share(_out(arrivals, days_left), 0.5))
    probability = late / (late + (1 - late) * out)
    return Risk(probability, days_left, _reason(arrivals, scope, name, days_left))


def _late(arrivals: Sequence[Arrival]) -> list[bool]:
    """Of each turn, whether it was late."""
    return [arrival.late for arrival in arrivals]


def _out(arrivals: Sequence[Arrival], days_left: int) -> list[bool]:
    """Of each turn that came in time, whether it was still out with so many days left.

    What came on that very day was: the day is not over.
    """
    return [arrival.days <= days_left for arrival in arrivals if not arrival.late]


def _share(seen: Sequence[bool], towards: float) -> float:
    """How often it was so, drawn towards another share by the weight of WEIGHT_OF_OTHERS turns."""
    return (sum(seen) + WEIGHT_OF_OTHERS * towards) / (len(seen) + WEIGHT_OF_OTHERS)


def _reason(arrivals: Sequence[Arrival], scope: str, name: str, days_left: int) -> str:
    own = [arrival for arrival in arrivals if arrival.scope == scope]
    late = [arrival for arrival in own if arrival.late]
    if late and len(late) == len(own) and NEVER not in {a.days for a in late}:
        return f"{name} leverte {_last(own)} {_span(late)} etter fristen."
    if late:
        return (
            f"{name} var for sen {len(late)} av {count(len(own), 'gang', 'ganger')} i tidligere år."
        )
    out = [arrival for arrival in arrivals if arrival.days <= days_left]
    if out:
        slow = sum(arrival.late for arrival in out)
        return f"Av {len(out)} som i tidligere år ikke hadde levert på denne tiden, ble {slow} for sene."
    return "I tidligere år hadde alle levert på denne tiden."


def _last(own: Sequence[Arrival]) -> str:
    yearly = len({arrival.cycle for arrival in own}) == len(own)
    if len(own) == 1:
        return "forrige år" if yearly else "forrige gang"
    return f"de {len(own)} siste {'årene' if yearly else 'gangene'}"


def _span(late: Iterable[Arrival]) -> str:
    """How long after: "1–2 arbeidsdager"."""
    days = sorted({-arrival.days for arrival in late})
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
