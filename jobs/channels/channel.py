"""A channel: the way a receiver's deliveries go, and its receipts come back.

Whatever the way, a delivery is put in place once: what may have been put before is looked up first,
and what can then not be told is for a person, never sent again blindly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from jobs.api import AWAITS_RECEIPT, Facts, Hindrance, Refusal
from jobs.channels.faults import NotOurs, Uncertain
from jobs.channels.files import sha256_of
from jobs.channels.outbox import Parcel, other_content
from jobs.channels.sealing import Found, Sealer
from jobs.channels.slips import Slip
from jobs.fencing import must_be_mine

SEALED_FOLDER = "forseglet"
# The fact of which way a delivery went, as the file of channels calls it.
KIND = "kanal"


@dataclass(frozen=True, slots=True)
class Mark:
    """What we know of an earlier attempt: the hash of the envelope that it was about to put in place.

    `note` keeps it durably before the effect, `forget` takes it back when the receiver has said no.
    """

    noted: str
    note: Callable[[str], None]
    forget: Callable[[], None]


class Line(Protocol):
    """A line to one receiver. Raises a Hindrance, or UnreachedError for what may pass.

    `kind` is what the file of channels calls such a way.
    """

    kind: ClassVar[str]

    def reach(self, size: int) -> str:
        """What it found, in words, when `size` bytes would be taken."""
        ...

    def look_up(self, name: str) -> Found | None:
        """What lies there under a delivery's name; None for nothing."""
        ...

    def place(self, name: str, files: Sequence[Path], about_to: Callable[[], None]) -> None:
        """Put the files there, all or none; calls `about_to` right before they are in place."""
        ...

    def slips(self, names: Sequence[str]) -> list[Slip]:
        """The receipts that lie there, at least those of the deliveries of these names."""
        ...


@dataclass(frozen=True, slots=True)
class SealedChannel:
    """Sealed deliveries over a line; the receiver's receipt comes later."""

    line: Line
    sealer: Sealer
    recipient: str

    def reach(self, size: int) -> str:
        return self.line.reach(size)

    def put(self, parcel: Parcel, mark: Mark) -> Facts:
        """Put the parcel in place, or find that it is; returns what the receipt is to be held against."""
        found = self.line.look_up(parcel.folder_name)
        if found is None:
            if mark.noted:
                raise Uncertain(parcel.receiver)
            envelope = self._place(parcel, mark)
            found = self.line.look_up(parcel.folder_name)
            if found is None:  # the receiver has taken it away at once
                return self._handed_over(parcel, envelope)
        self._must_be(parcel, found)
        return self._handed_over(parcel, found.sha256)

    def slips(self, keys: Sequence[str]) -> list[Slip]:
        return self.line.slips([Parcel("", key, ()).folder_name for key in keys])

    def _place(self, parcel: Parcel, mark: Mark) -> str:
        folder = parcel.files[0].parent / SEALED_FOLDER
        letter = self.sealer.seal(parcel, self.recipient, folder)

        def about_to() -> None:
            must_be_mine()
            mark.note(letter.sha256)

        try:
            self.line.place(parcel.folder_name, letter.files, about_to)
        except Hindrance:  # the receiver answered, and nothing is in place
            mark.forget()
            raise
        return letter.sha256

    def _must_be(self, parcel: Parcel, found: Found) -> None:
        """Raise unless what was found is the parcel, whole, as we sealed it."""
        content = self.sealer.opened(found)
        if content is None:
            raise NotOurs(parcel.receiver, "signaturen er ikke vår")
        if (content["levering"], content["innhold"]) != (parcel.key, self.sealer.mark(parcel)):
            raise Refusal(other_content(parcel))
        for file in content["filer"]:
            if found.sizes.get(file["navn"]) != file["bytes"]:
                raise NotOurs(parcel.receiver, f"{file['navn']} er ikke hel")

    def _handed_over(self, parcel: Parcel, envelope_sha256: str) -> Facts:
        return {
            "reference": parcel.folder_name,
            "sha256": {path.name: sha256_of(path) for path in parcel.files},
            "envelope_sha256": envelope_sha256,
            KIND: self.line.kind,
            AWAITS_RECEIPT: True,
        }
