"""Deliveries: what each delivery job writes, for whom and of when, declared in deliveries.yaml."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from jobs.api import Order
from jobs.imports.intakes import Intake, Period, intakes
from jobs.statistics.receivers import Convention, receivers
from jobs.statistics.selection import Count

FILE = Path(__file__).with_name("deliveries.yaml")
FIRST, FINAL, ONLY = "first", "final", "only"
CODES = {FIRST: "L1", FINAL: "END", ONLY: "END"}


class Day(StrEnum):
    """Where the reference date comes from."""

    REFERENCE = "telledato"
    END_OF_YEAR = "skoleslutt"
    DELIVERY = "leveringsdag"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a job delivers. Without a `period` it speaks for the calendar year of its deadline."""

    job: str
    title: str
    files: tuple[str, ...]
    receiver: str
    stands_on: tuple[tuple[str, ...], ...]
    period: Period | None = Period.SCHOOL_YEAR
    day: Day = Day.REFERENCE
    preliminary: tuple[str, ...] = (FIRST,)

    @property
    def convention(self) -> Convention:
        return receivers()[self.receiver]

    @property
    def sources(self) -> tuple[tuple[Intake, ...], ...]:
        """The imports it stands on: of each group one must be loaded."""
        return tuple(tuple(intakes()[job] for job in group) for group in self.stands_on)

    @property
    def has_reference_date(self) -> bool:
        """Whether it speaks for a day, and not for a whole period as it is known."""
        return self.day is not Day.DELIVERY

    def is_preliminary(self, stage: str) -> bool:
        return stage in self.preliminary

    def count(self, order: Order) -> Count:
        """What an order asks for; raises ValueError when the calendar gives no reference date."""
        period = self.period.of(order.cycle) if self.period else str(order.nominal.year)
        return Count(
            order.scope,
            period,
            self._day(order, period),
            order.now,
        )

    def _day(self, order: Order, period: str) -> date:
        if self.day is Day.END_OF_YEAR:
            return date(int(period[4:]), 7, 31)
        if self.day is Day.DELIVERY:
            return order.nominal
        if order.reference_date is None:
            raise ValueError(f"{order.key}: the calendar gives no reference date")
        return order.reference_date

    def speaks_for(self, count: Count) -> str:
        """The part of a file's name that says when it is of: no deadline, which may move."""
        return f"{count.telledato:%Y%m%d}" if self.has_reference_date else count.period


@cache
def deliveries() -> dict[str, Delivery]:
    """The declared deliveries, by job."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    read = TypeAdapter(tuple[Delivery, ...]).validate_python(rows)
    return {delivery.job: delivery for delivery in read}
