"""The card of a delivery: every fact that shows what became of it, with no person and no school in it.

It is the same for whoever asks, so that its bytes can be compared. What single lines of a file broke
is in the manifest, which the card names by its hash.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from scheduler.calendar.occurrence import DateStatus, Occurrence

SEVERITIES = ("ERROR", "WARN", "INFO")


class Standing(StrEnum):
    """What the card shows of the delivery as a whole."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    REJECTED = "rejected"
    NOT_SENT = "not-sent"
    NOT_NEEDED = "not-needed"


class Lack(StrEnum):
    """What a card should have and has not; said on it as plainly as what it has."""

    FILES = "files"
    APPROVAL = "approval"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Version:
    """The version of the calendar that was in use when a run was ordered."""

    number: int
    sha256: str
    in_use_since: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent; `layout` is the version of its layout."""

    name: str
    rows: int
    bytes: int
    sha256: str
    layout: str


@dataclass(frozen=True, slots=True)
class Control:
    """How many times a rule was broken in a file."""

    rule: str
    severity: str
    file: str
    count: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file that the delivery's rows came from, as it was received."""

    deliverable: str
    received_at: datetime
    rows: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided; `sha256` is the content that it is bound to, "" for none.

    `roles` are those by which the account could decide then; none for a key or a command.
    """

    at: datetime
    action: str
    roles: tuple[str, ...]
    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver has said of a sending; `by_word` when a person passed it on.

    `sha256` is that of the file the receiver gave, "" where the channel itself is the receipt.
    """

    kind: str
    at: datetime
    reference: str
    by_word: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """One content that was sent, or about to be: by its manifest's hash, with what came of it.

    `channel` is which way it went, "" where that is not on record; `envelope_sha256` is "" for what
    was not sealed. `approval` is the decision bound to this content;
    None where nobody has signed it, which `must_be_signed` says whether somebody should have.
    """

    run: int
    version: Version | None
    ordered_at: datetime
    sent_at: datetime
    confirmed_at: datetime | None
    receiver: str
    channel: str
    manifest_sha256: str
    envelope_sha256: str
    files: tuple[File, ...]
    controls: tuple[Control, ...]
    sources: tuple[Source, ...]
    must_be_signed: bool
    approval: Decided | None
    receipts: tuple[Receipt, ...]
    rejected: bool

    @property
    def counts(self) -> dict[str, int]:
        """How often rules of each severity were broken."""
        found: Counter[str] = Counter()
        for control in self.controls:
            found[control.severity] += control.count
        return {severity: found[severity] for severity in SEVERITIES}

    @property
    def lacks(self) -> tuple[Lack, ...]:
        unsigned = self.must_be_signed and self.approval is None
        lacking = {
            Lack.FILES: not self.files,
            Lack.APPROVAL: unsigned,
            Lack.RECEIPT: self.confirmed_at is None and not self.rejected,
        }
        return tuple(lack for lack, it_does in lacking.items() if it_does)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the delivery's job: when it was ordered, under which version, and how it ended."""

    number: int
    state: str
    version: int | None
    ordered_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Somebody's later passing-on of the files; its day is planned, and nothing here confirms it."""

    key: str
    receiver: str
    due: date


@dataclass(frozen=True, slots=True)
class Card:
    """All of one delivery, the oldest first in each list. `outcome` is that of its occurrence.

    `other_half` is the key of the first delivery of a final one, or of the final one of a first.
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
