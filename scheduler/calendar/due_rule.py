"""DueRule: the rule of a row's deadline, told apart by the word that it begins with."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from scheduler.calendar.offsets import After
from scheduler.calendar.rules import (
    OnDay,
    OnDays,
    OnWeekday,
    OnWeekdayFrom,
    OnWorkingDay,
    Rule,
    Weekly,
)

RULE_KEYS: Mapping[str, type[Rule]] = {
    "date": OnDay,
    "dates": OnDays,
    "working_day": OnWorkingDay,
    "nth": OnWeekday,
    "on_or_after": OnWeekdayFrom,
    "weekly": Weekly,
    "after": After,
}


def _rule_tag(value: Any) -> str | None:
    """Which rule the fields call for; the tag is no field name, for faults to find their place."""
    key = next((key for key in RULE_KEYS if isinstance(value, dict) and key in value), None)
    return f"due by {key}" if key else None


DueRule = Annotated[
    Annotated[OnDay, Tag("due by date")]
    | Annotated[OnDays, Tag("due by dates")]
    | Annotated[OnWorkingDay, Tag("due by working_day")]
    | Annotated[OnWeekday, Tag("due by nth")]
    | Annotated[OnWeekdayFrom, Tag("due by on_or_after")]
    | Annotated[Weekly, Tag("due by weekly")]
    | Annotated[After, Tag("due by after")],
    Discriminator(_rule_tag),
]
