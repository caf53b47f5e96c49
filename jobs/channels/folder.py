"""A line to a receiver that fetches from our outbox, and puts its receipts in a folder there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from jobs.channels.outbox import publish, reach_receiver
from jobs.channels.sealing import ENVELOPE, SIGNATURE, Found
from jobs.channels.slips import MOST_BYTES, SUFFIX, Slip

RECEIPTS = "kvitteringer"


@dataclass(frozen=True, slots=True)
class FolderLine:
    """The folder of one receiver in the outbox."""

    kind: ClassVar[str] = "outbox"
    receiver: str
    outbox: Path

    @property
    def folder(self) -> Path:
        return self.outbox / self.receiver

    def reach(self, size: int) -> str:
        reach_receiver(self.outbox, self.receiver, size)
        return f"Mappen {self.folder} tar imot."

    def look_up(self, name: str) -> Found | None:
        folder = self.folder / name
        if not folder.exists():
            return None
        sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
        return Found(_content(folder / ENVELOPE), _content(folder / SIGNATURE), sizes)

    def place(self, name: str, files: Sequence[Path], about_to: Callable[[], None]) -> None:
        publish(self.folder / name, files, about_to)

    def slips(self, names: Sequence[str]) -> list[Slip]:  # noqa: ARG002 - all that lie there
        found = sorted((self.folder / RECEIPTS).glob(f"[!.]*{SUFFIX}"))
        return [Slip(path.name, _beginning(path)) for path in found if path.is_file()]


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _beginning(path: Path) -> bytes:
    """A receipt, or as much as shows that it is none."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
