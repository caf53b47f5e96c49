"""The card of a delivery: every fact that shows what became of it, with no person and no school in it.

It is the same for whoever asks, so that its bytes can be compared. What single lines of a file broke
is in the manifest, which the card names by its hash.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from scheduler.calendar.occurrence import DateStatus, Occurrence
from scheduler.cards.facts import Answer, Decided, Forwarding, Run, Sending


class Standing(StrEnum):
    """What the card shows of the delivery as a whole."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    REJECTED = "rejected"
    NOT_SENT = "not-sent"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True)
class Card:
    """All of one delivery, the oldest first in each list. `outcome` is that of its occurrence.

    `other_half` is the key of the first delivery of a final one, or of the final one of a first.
    `feedback` is what the receiver found wrong in the first, on both; None for nothing.
    """

    occurrence: Occurrence
    name: str
    outcome: str | None
    outcome_at: datetime | None
    due: date
    sendings: tuple[Sending, ...]
    runs: tuple[Run, ...]
    decisions: tuple[Decided, ...]
    forwardings: tuple[Forwarding, ...]
    other_half: str | None
    feedback: Answer | None = None

    @property
    def standing(self) -> Standing:
        if any(sending.confirmed_at for sending in self.sendings) or self.outcome == "done":
            return Standing.CONFIRMED
        if self.outcome is not None:
            return Standing.NOT_NEEDED
        if not self.sendings:
            return Standing.NOT_SENT
        return Standing.REJECTED if self.sendings[-1].rejected else Standing.UNCONFIRMED

    @property
    def newest_fact(self) -> datetime | None:
        """When the last thing on the card came about; None while there is nothing on it."""
        instants = [
            self.outcome_at,
            *(found for run in self.runs for found in (run.ordered_at, run.finished_at)),
            *(sending.confirmed_at for sending in self.sendings),
            *(receipt.at for sending in self.sendings for receipt in sending.receipts),
            *(decision.at for decision in self.decisions),
            *(each.passed.said_at for each in self.forwardings if each.passed),
            *(mending.at for mending in (self.feedback.mendings if self.feedback else ())),
        ]
        return max((found for found in instants if found), default=None)

    def as_json(self) -> dict[str, Any]:
        """The same facts for machines: plain JSON values, instants in UTC."""
        o = self.occurrence
        return {
            "delivery": o.key,
            "name": self.name,
            "county": o.scope,
            "school_year": o.cycle,
            "stage": o.stage,
            "standing": self.standing.value,
            "in_calendar": o.nominal.isoformat(),
            "due": self.due.isoformat(),
            "clock_time": o.clock_time,
            "date_is_confirmed": o.date_status is DateStatus.CONFIRMED,
            "reference_date": o.reference_date and o.reference_date.isoformat(),
            "outcome": self.outcome,
            "outcome_at": _plain(self.outcome_at),
            "other_half": self.other_half,
            "sendings": [_sending(sending) for sending in self.sendings],
            "runs": _plain(self.runs),
            "decisions": _plain(self.decisions),
            "forwardings": _plain(self.forwardings),
            "feedback": _plain(self.feedback),
        }


def _sending(sending: Sending) -> dict[str, Any]:
    lacks = [lack.value for lack in sending.lacks]
    found: dict[str, Any] = _plain(sending)
    return {**found, "counts": sending.counts, "lacks": lacks}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
