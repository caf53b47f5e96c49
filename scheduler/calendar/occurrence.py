"""Occurrence: one deliverable in one cycle, stage and scope, with its dates and their trace.

Pure values; no date is part of the identity, so a moved deadline is the same occurrence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

NATIONAL = "national"
# Deadlines are days, and times of day, in Norway.
OSLO = ZoneInfo("Europe/Oslo")
ONLY = "only"


class DateStatus(StrEnum):
    """Whether the year's date is our proposal or one that its owner has confirmed."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class TraceKind(StrEnum):
    """What moved or set a date, in the order the rules apply."""

    RULE = "rule"
    CONFIRMED = "confirmed"
    SHIFT = "shift"
    CLOSURE = "closure"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One link in a date's derivation: what happened, the date after it, why (Norwegian).

    `facts` is what the step was worked out from, for machines: plain JSON values, dates as
    "2026-10-24". The whole derivation can be worked out again from the facts alone.
    """

    kind: TraceKind
    date: date
    sentence: str
    source: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "date": self.date.isoformat(),
            "sentence": self.sentence,
            "source": self.source,
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "TraceStep":
        return cls(
            TraceKind(value["kind"]),
            date.fromisoformat(value["date"]),
            value["sentence"],
            value["source"],
            value["facts"],
        )


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What is to happen: identity (deliverable, cycle, stage, scope) and dates.

    `cycle` is a school year such as "2026-2027", from 1 August. `scope` is NATIONAL or a
    two-digit county number. `nominal` is what the calendar says, `due` what holds after the
    shift rule; both are always shown. `opens` is the first day of a window. `clock_time` is
    the time of day of the deadline ("23:59"), Europe/Oslo, or "" where only the day counts.
    """

    deliverable: str
    cycle: str
    stage: str
    scope: str
    nominal: date
    due: date
    reference_date: date | None = None
    opens: date | None = None
    clock_time: str = ""
    date_status: DateStatus = DateStatus.PROPOSED
    trace: tuple[TraceStep, ...] = ()

    @property
    def key(self) -> str:
        """The identity, e.g. "stat-ssbelev-l1/2026-2027/first/46"."""
        return f"{self.deliverable}/{self.cycle}/{self.stage}/{self.scope}"

    @property
    def recurs(self) -> bool:
        """Whether it is one of several in the school year; the others' stages are words."""
        return self.stage.isdigit()
