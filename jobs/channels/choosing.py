"""Choosing: the channel of a receiver, as the installation's file says, or else the plain outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jobs.api import Facts, Hindrance
from jobs.channels.channel import KIND, Line, Mark, SealedChannel
from jobs.channels.configuration import ChannelsError, Https, Outbox, Sftp, read_ways
from jobs.channels.folder import FolderLine
from jobs.channels.https import HttpsLine
from jobs.channels.outbox import Parcel, hand_over, reach_receiver
from jobs.channels.sealing import Sealer
from jobs.channels.sftp import SftpLine
from jobs.channels.slips import Slip


class Channel(Protocol):
    """The way out to one receiver, and back. Raises Refusal, Hindrance, or OSError for what may pass."""

    def reach(self, size: int) -> str:
        """What it found, in words, when `size` bytes would be taken; leaves no trace."""
        ...

    def put(self, parcel: Parcel, mark: Mark) -> Facts:
        """Hand the parcel over once; facts with AWAITS_RECEIPT wait for the receiver's own receipt."""
        ...

    def slips(self, keys: Sequence[str]) -> list[Slip]:
        """The receiver's receipts, at least those of the deliveries with these keys."""
        ...


@dataclass(frozen=True, slots=True)
class PlainOutbox:
    """The outbox, unsealed; that it lies there is its receipt."""

    outbox: Path
    receiver: str

    def reach(self, size: int) -> str:
        reach_receiver(self.outbox, self.receiver, size)
        return f"Mappen {self.outbox / self.receiver} tar imot."

    def put(self, parcel: Parcel, mark: Mark) -> Facts:  # noqa: ARG002 - the folder tells it all
        return hand_over(self.outbox, parcel) | {KIND: FolderLine.kind}

    def slips(self, keys: Sequence[str]) -> list[Slip]:  # noqa: ARG002 - nobody answers
        return []


def channel_of(receiver: str, channels: Path | None, data_dir: Path) -> Channel:
    """The receiver's channel; a file that has become wrong since the start stops the step, in words."""
    try:
        way = read_ways(channels).get(receiver)
    except ChannelsError as error:
        raise Hindrance(f"Kanalfilen er ikke riktig: {error}") from error
    if way is None:
        return PlainOutbox(data_dir / "outbox", receiver)
    return SealedChannel(line_of(receiver, way, data_dir), sealer(data_dir), way.recipient)


def sealer(data_dir: Path) -> Sealer:
    return Sealer(data_dir / "keys")


def line_of(receiver: str, way: Outbox | Sftp | Https, data_dir: Path) -> Line:
    match way:
        case Sftp():
            return SftpLine(receiver, way)
        case Https():
            return HttpsLine(receiver, way)
        case _:
            return FolderLine(receiver, data_dir / "outbox")
