"""Scenario: what a simulation is told; everything else follows from it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from scheduler.calendar import SchoolYear


class Data(StrEnum):
    """Whether the counties' files are in it: none, small synthetic extracts, or those of every county, in time."""

    NONE = "none"
    SMALL = "small"
    WHOLE = "whole"


class Fault(StrEnum):
    """What can go wrong with the machine, its clock, or the plans."""

    CRASH_IN_STEP = "crash-in-step"
    CRASH_AFTER_STEP = "crash-after-step"
    CRASH_IN_TICK = "crash-in-tick"
    DELAY = "delay"
    CLOCK_AHEAD = "clock-ahead"
    CLOCK_BEHIND = "clock-behind"
    OUTAGE_2_S = "outage-2s"
    OUTAGE_1_H = "outage-1h"
    OUTAGE_3_D = "outage-3d"
    OUTAGE_40_D = "outage-40d"
    PAUSE_UNTIL = "pause-until"
    PAUSE_LIFTED = "pause-lifted"
    DATE_MOVED = "date-moved"


# How many of each a school year gets.
FEW: dict[Fault, int] = {fault: 1 for fault in Fault if fault is not Fault.OUTAGE_40_D}
MANY: dict[Fault, int] = {**dict.fromkeys(Fault, 3), Fault.OUTAGE_40_D: 1}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A first school year, how many, the counties ("" for all), and what goes wrong how often."""

    school_year: str
    years: int = 1
    seed: int = 1
    counties: tuple[str, ...] = ()
    data: Data = Data.NONE
    faults: dict[Fault, int] = field(default_factory=dict)

    @property
    def cycles(self) -> list[str]:
        """The school years, in order."""
        found = [SchoolYear(self.school_year)]
        while len(found) < self.years:
            found.append(found[-1].next)
        return [str(year) for year in found]

    @property
    def undisturbed(self) -> Self:
        """The same world with nothing that goes wrong."""
        return replace(self, faults={})
