"""Ladder: which reminder of a deadline is due, for whom, and why not; pure functions.

Steps are counted in the working days of the place, and always at 08.00. The rules:

1. Before the deadline: 30, 14, 7, 3 and 1 working days, and the day itself. A deadline on a day off
   has its last step on the working day before.
2. After it: every working day until it is settled, counted from the end of its grace where the row
   gives any; in the days of grace nobody is told anything.
3. Steps before T-3 are told in the Monday digest, the others one by one.
4. Only the newest step that has come is ever sent; those before it were missed, and stay so.
5. What is settled is silent. A person's silence holds until the deadline, never after it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.workdays import DAY, Workdays

BEFORE = (-30, -14, -7, -3, -1, 0)
SINGLES_FROM = -3
SHORT_FROM = -1
# Working days late before a matter is brought before the leader and the coordinator.
LEADER_AT, COORDINATOR_AT = 3, 5
_offset, _at = attrgetter("offset"), attrgetter("at")
STANDS = timedelta(days=7)
RESPONSIBLE, DEPUTY, LEADER, COORDINATOR = 1, 2, 3, 4
HOUR = time(8)
# A late start of the service may still remind, but never in the evening or at night.
LAST_HOUR = time(17)


class Step(NamedTuple):
    """One rung: working days after the deadline (negative before it), and its day."""

    offset: int
    day: date

    @property
    def name(self) -> str:
        return f"T{self.offset:+d}" if self.offset else "T"

    @property
    def at(self) -> datetime:
        return at_hour(self.day)


@dataclass(frozen=True, slots=True)
class Silence:
    """A person's word on a deadline: on the matter ("acknowledge") or "snooze" until a day."""

    kind: str
    at: datetime
    actor: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now: the step, whether it is sent, why or why not, and the steps it passes by."""

    step: Step | None
    send: bool
    why: str
    passed: tuple[Step, ...] = ()


@lru_cache(maxsize=4096)
def at_hour(day: date) -> datetime:
    """08.00 in Oslo on a day, in UTC."""
    return datetime.combine(day, HOUR, OSLO).astimezone(UTC)


def is_open(now: datetime, workdays: Workdays) -> bool:
    """Whether reminders may go at `now`: a working day from 08.00 to 17.00 in Oslo."""
    local = now.astimezone(OSLO)
    return HOUR <= local.time() < LAST_HOUR and workdays.is_working(local.date())


def steps(
    due: date,
    workdays: Workdays,
    until: date,
    *,
    short: bool = False,
    grace_until: date | None = None,
) -> list[Step]:
    """The ladder of a deadline, in order of time; those after it go on to `until`.

    It is late from the day after `grace_until`, or after the deadline.
    """
    last = due if workdays.is_working(due) else workdays.step(due, -1)
    before = [offset for offset in BEFORE if not short or offset >= SHORT_FROM]
    days = [last, *workdays.before(last, -before[0])]
    ahead = [Step(offset, days[-offset]) for offset in before]
    late = workdays.after(grace_until or due, until)
    return [*ahead, *map(Step, range(1, len(late) + 1), late)]


def for_level(ladder: Sequence[Step], level: int, *, tracked: bool) -> Sequence[Step]:
    """The steps a level is told one by one; nobody is called late in what we cannot see.

    The responsible and the deputy are told daily, those above them once, then on Mondays.
    """
    first = SINGLES_FROM if level == RESPONSIBLE else late_from(level)
    told = ladder[bisect_left(ladder, first, key=_offset) :]
    if not tracked:
        return told[: bisect_right(told, 0, key=_offset)]
    return told if level <= DEPUTY else told[: bisect_right(told, first, key=_offset)]


def late_from(level: int) -> int:
    """How many working days late a matter is when it is brought before a level."""
    return {RESPONSIBLE: 1, DEPUTY: 1, LEADER: LEADER_AT, COORDINATOR: COORDINATOR_AT}[level]


def due_now(
    ladder: Sequence[Step],
    now: datetime,
    sent: Collection[str],
    silences: Sequence[Silence],
    *,
    settled: str = "",
) -> Decision:
    """Whether the newest step that has come is to be sent; `sent` are names of steps sent before.

    `settled` is how the matter ended, in a Norwegian word, or "" while it is open.
    """
    come = ladder[: bisect_right(ladder, now, key=_at)]
    if not come:
        return Decision(None, send=False, why="første påminnelse er ikke kommet")
    newest, today = come[-1], now.astimezone(OSLO).date()
    if settled:
        return Decision(newest, send=False, why=f"avsluttet: {settled}")
    if newest.name in sent:
        return Decision(newest, send=False, why="sendt før")
    if newest.offset <= 0 < (today - newest.day).days and newest is ladder[-1]:
        return Decision(newest, send=False, why="fristen er passert")
    silence = silenced(ladder, newest, silences, today)
    if silence:
        return Decision(newest, send=False, why=silence)
    return Decision(newest, send=True, why=_why(newest), passed=_passed(come, sent))


def _passed(come: Sequence[Step], sent: Collection[str]) -> tuple[Step, ...]:
    """The steps since the last one sent that nobody was told of."""
    if not sent:
        return tuple(come[:-1])
    missed = takewhile(lambda step: step.name not in sent, reversed(come[:-1]))
    return tuple(reversed(list(missed)))


def silenced(ladder: Sequence[Step], newest: Step, silences: Sequence[Silence], today: date) -> str:
    """Why a step before the deadline is not sent, or ""."""
    if newest.offset > 0:
        return ""
    for silence in silences:
        if silence.kind == "snooze" and silence.until and today < silence.until:
            return f"utsatt til {silence.until:%d.%m.%Y}"
        if silence.kind == "acknowledge" and newest.at <= _next_after(ladder, silence.at):
            return "«vi er i gang»"
    return ""


def _next_after(ladder: Sequence[Step], instant: datetime) -> datetime:
    """The step that someone who is on the matter need not hear: the first after their word."""
    return next((step.at for step in ladder if step.at > instant), instant)


def _why(step: Step) -> str:
    if step.offset > 0:
        return f"forsinket {step.offset} arbeidsdag{'er' if step.offset > 1 else ''}"
    if step.offset == 0:
        return "frist i dag"
    return f"{-step.offset} arbeidsdag{'er' if step.offset < -1 else ''} før fristen"


def ends(ladder: Sequence[Step], step: Step, now: datetime) -> datetime:
    """When a message made at `now` is no longer true: the next step has come, or the day is over.

    What is told once, that a matter is late, is true as long as the matter is open.
    """
    if step.offset < 0:
        later = next((other.at for other in ladder if other.offset > step.offset), None)
        return later or at_hour(step.day + DAY)
    if step.offset > 0 and len(ladder) == 1:
        return now + STANDS
    midnight = datetime.combine(now.astimezone(OSLO).date() + DAY, time(), OSLO)
    return midnight.astimezone(UTC)
