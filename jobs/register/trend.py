"""Trend: a delivery beside the one before it and last year's, by rule and by school.

Everything is read from counts made when each delivery was settled, so that it costs a few hundred
rows whatever the files' size.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from jobs.register.tables import (
    Delivery,
    DeliveryState,
    School,
    SchoolCount,
    Violation,
    ViolationCount,
)

SETTLED = (DeliveryState.LOADED, DeliveryState.SUPERSEDED)
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Series:
    """The delivery, the sender's one before it for the same deadline, and last school year's."""

    now: int
    previous: int | None
    last_year: int | None

    @property
    def ids(self) -> list[int]:
        return [found for found in (self.now, self.previous, self.last_year) if found is not None]

    def beside(self, counts: dict[int, int]) -> "Beside":
        return Beside(
            counts.get(self.now, 0),
            None if self.previous is None else counts.get(self.previous, 0),
            None if self.last_year is None else counts.get(self.last_year, 0),
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """A count now, in the file before, and last year; None where there was no such file."""

    now: int
    previous: int | None
    last_year: int | None


NO_COUNT = Beside(0, None, None)


@dataclass(frozen=True, slots=True)
class RuleTrend:
    """How many lines broke a rule."""

    regel: str
    alvor: str
    count: Beside


@dataclass(frozen=True, slots=True)
class SchoolTrend:
    """A school's lines by frame, and how many of them broke a rule, by severity."""

    skolenummer: str
    skolenavn: str
    lines: dict[str, Beside] = field(default_factory=dict)
    broken: dict[str, Beside] = field(default_factory=dict)


def series_of(session: Session, delivery: Delivery) -> Series:
    """Find what the delivery is to be compared with."""
    year_before = _year_before(delivery.skolear) if delivery.skolear else None
    newest = (
        select(Delivery.skolear, func.max(Delivery.id))
        .where(
            Delivery.deliverable == delivery.deliverable,
            Delivery.sender == delivery.sender,
            Delivery.state.in_(SETTLED),
            Delivery.id < delivery.id,
            or_(*(Delivery.skolear == year for year in (delivery.skolear, year_before))),
        )
        .group_by(Delivery.skolear)
    )
    found = dict(session.execute(newest).all())
    return Series(delivery.id, found.get(delivery.skolear), found.get(year_before))


def _year_before(skolear: str) -> str:
    """The school year before one like "20262027"."""
    return "".join(str(int(year) - 1) for year in (skolear[:4], skolear[4:]) if year)


def by_rule(session: Session, series: Series, school: str | None = None) -> list[RuleTrend]:
    """Every rule broken in any of the three, the most serious and most frequent now first."""
    query = (
        select(
            ViolationCount.regel,
            ViolationCount.alvor,
            ViolationCount.delivery_id,
            func.sum(ViolationCount.antall),
        )
        .where(ViolationCount.delivery_id.in_(series.ids))
        .group_by(ViolationCount.regel, ViolationCount.alvor, ViolationCount.delivery_id)
    )
    if school is not None:
        query = query.where(ViolationCount.skolenummer == school)
    counts = _gathered(
        ((rule, alvor), found, n) for rule, alvor, found, n in session.execute(query)
    )
    rows = [RuleTrend(*key, series.beside(found)) for key, found in counts.items()]
    return sorted(rows, key=lambda row: (row.alvor, -row.count.now, row.regel))


def by_school(session: Session, series: Series, rule: str | None = None) -> list[SchoolTrend]:
    """Every school in any of the three, by number; what is broken is of all rules, or of one."""
    lines = _gathered(
        ((row.skolenummer, row.frame), row.delivery_id, row.antall)
        for row in session.scalars(
            select(SchoolCount).where(SchoolCount.delivery_id.in_(series.ids))
        )
    )
    counts = session.scalars(
        select(ViolationCount).where(
            ViolationCount.delivery_id.in_(series.ids), ViolationCount.skolenummer != ""
        )
    ).all()
    broken = _gathered(
        ((row.skolenummer, row.alvor), row.delivery_id, row.antall)
        for row in counts
        if rule in (None, row.regel)
    )
    numbers = sorted({*(school for school, _ in lines), *(row.skolenummer for row in counts)})
    query = select(School.skolenummer, School.skolenavn).where(School.skolenummer.in_(numbers))
    names = {number: name for number, name in session.execute(query)}  # noqa: C416 - rows, not pairs
    found = {number: SchoolTrend(number, names.get(number, "")) for number in numbers}
    for (school, frame), number in lines.items():
        found[school].lines[frame] = series.beside(number)
    for (school, alvor), number in broken.items():
        found[school].broken[alvor] = series.beside(number)
    return list(found.values())


def _gathered(rows: Iterable[tuple[Key, int, int]]) -> dict[Key, dict[int, int]]:
    """Counts by key and delivery."""
    found: dict[Key, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for key, delivery, count in rows:
        found[key][delivery] += count
    return found


def schools_with_violations(session: Session, delivery_id: int) -> list[str]:
    """The schools whose lines broke a rule."""
    query = select(Violation.skolenummer).where(
        Violation.delivery_id == delivery_id, Violation.skolenummer.is_not(None)
    )
    found = session.scalars(query.distinct().order_by(Violation.skolenummer))
    return [number for number in found if number]
