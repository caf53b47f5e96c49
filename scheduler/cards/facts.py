"""The facts on a card, one kind each: what was sent, judged, decided, received, run and passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jobs.register.feedback import Mending

SEVERITIES = ("ERROR", "WARN", "INFO")


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
    """How many times a rule was broken in a file; None is a number too small to be shown."""

    rule: str
    severity: str
    file: str
    count: int | None


def counted(controls: Sequence[Control]) -> dict[str, int | None]:
    """How often rules of each severity were broken; None where a number of them is not shown."""
    found: dict[str, int | None] = {}
    for severity in SEVERITIES:
        times = [each.count for each in controls if each.severity == severity]
        shown = [count for count in times if count is not None]
        found[severity] = sum(shown) if len(shown) == len(times) else None
    return found


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
    def counts(self) -> dict[str, int | None]:
        """How often rules of each severity were broken; None where a number of them is not shown."""
        return counted(self.controls)

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
class PassedOn:
    """A signed word that files were passed on, as it is of one delivery.

    `sha256` is that of everything it was said of, `manifest_sha256` of what it was of this delivery,
    "" where it was not among it. `reference` is that of a receipt, "" for none.
    """

    said_at: datetime
    roles: tuple[str, ...]
    passed_at: datetime
    reference: str
    sha256: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Somebody's later passing-on of the files: its day, and the newest word that it was done."""

    key: str
    receiver: str
    due: date
    passed: PassedOn | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The receiver's feedback on the first delivery, as counts: its lines by where they stand."""

    open: int
    mended: int
    explained: int
    mendings: tuple[Mending, ...]
