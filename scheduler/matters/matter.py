"""A matter: one thing that goes no further until a person has acted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.calendar import Calendar
from scheduler.ledger.views import Item

OPERATOR = "den som driver tjenesten"
ANOTHER = "en annen administrator enn den som foreslo"
TWO_PERSONS = "to ulike personer"


class Kind(StrEnum):
    """What a matter is about."""

    EDIT = "edit"
    YEAR = "year"
    NODE = "node"
    MESSAGE = "message"
    CLOCK = "clock"
    PAUSE = "pause"
    HELD = "held"
    UNKNOWN = "unknown"
    UNCONFIRMED = "unconfirmed"
    RECEIPT = "receipt"
    CHANNEL = "channel"
    FAILED = "failed"
    REHEARSAL = "rehearsal"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits, since when if that is known, who may act, and the site's page to do it on."""

    kind: Kind
    sentence: str
    since: datetime | None
    who: str
    url: str


def name_of(item: Item, calendar: Calendar) -> str:
    where = calendar.counties.get(item.scope)
    return f"{item.name}, {where.name}" if where else item.name


def page_of(key: str) -> str:
    return f"/drift/frist/{key}"
