"""Dates: all dates of a school year as one number, which an approval is bound to."""

import hashlib
import json
from functools import lru_cache

from scheduler.calendar import Calendar, expand
from scheduler.calendar.diff import DAYS
from scheduler.calendar.same import Same


def dates_sha256(calendar: Calendar, cycle: str) -> str:
    """SHA-256 of every date of a school year; words may change without a new approval."""
    return _dates_sha256(Same(calendar), cycle)


@lru_cache(maxsize=8)
def _dates_sha256(same: Same, cycle: str) -> str:
    dates = [
        [found.key, *(str(getattr(found, name)) for name in DAYS)]
        for found in expand(same.calendar, cycle)
    ]
    return hashlib.sha256(json.dumps(sorted(dates)).encode()).hexdigest()
