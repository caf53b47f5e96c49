"""Findings: what the proof can find wrong, each with a sort, a key and a sentence."""

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What is wrong, as a word that a metric can bear."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    DIFFERS = "differs"
    MISNAMED = "misnamed"
    UNPROVEN = "unproven"
    UNSETTLED = "unsettled"
    HOMELESS = "homeless"
    DOUBLED = "doubled"
    FROZEN = "frozen"
    LOST = "lost"
    UNPROVED = "unproved"  # the proof itself failed


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that does not match."""

    sort: Sort
    key: str
    sentence: str
