"""Dropping: put a finished file in the inbox, whichever way it came.

The file is written under a hidden name that ends in `.part`, made durable, and only then given
its own name, so that a scan of the inbox never meets half a file.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from jobs.api import Refusal
from jobs.channels.files import UNFINISHED, room_on_disk, safe_name, sync_folder
from jobs.imports.inbox import Routes, is_unfinished

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that lies in the inbox: its name there, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    bytes: int


def must_be_open(routes: Routes, scope: str, deliverable: str) -> None:
    """Raise Refusal when the sender `scope` may not deliver `deliverable`."""
    if deliverable not in routes:
        known = ", ".join(sorted(routes))
        raise Refusal(f"«{deliverable}» er ikke en leveranse som tas imot. Bruk en av: {known}.")
    if scope not in routes[deliverable]:
        raise Refusal(
            f"Avsenderen «{scope}» leverer ikke «{deliverable}». Velg en annen leveranse."
        )


def drop(folder: Path, name: str, chunks: Iterable[bytes], max_mb: int) -> Dropped:
    """Put the bytes in the inbox folder as `name`; a file that waits there is never overwritten.

    Raises Refusal for a name that cannot be used, an empty file, one of more than `max_mb`
    megabytes (2**20 bytes) and a full disk; nothing is then left behind.
    """
    digest = hashlib.sha256()
    with closing(Part(folder, name, max_mb)) as part:
        for chunk in chunks:
            digest.update(chunk)
            part.write(chunk, part.size)
        return Dropped(part.place().name, digest.hexdigest(), part.size)


class Part:
    """A file on its way into an inbox folder: hidden until `place`, gone after `close`.

    Whatever cannot be done raises Refusal, and does so again at every later call.
    """

    def __init__(self, folder: Path, name: str, max_mb: int) -> None:
        self.name, self.folder, self.max_mb = usable_name(name), folder, max_mb
        self.size, self.fault = 0, ""
        folder.mkdir(parents=True, exist_ok=True)
        with room_on_disk(folder):
            descriptor, path = tempfile.mkstemp(dir=folder, prefix=".", suffix=UNFINISHED)
        self.path, self.file = Path(path), os.fdopen(descriptor, "wb")

    def write(self, chunk: bytes, offset: int) -> None:
        """Put the bytes `offset` bytes into the file."""
        with self._whole_or_gone():
            if offset + len(chunk) > self.max_mb * MEGABYTE:
                raise Refusal(
                    f"Filen er større enn {self.max_mb} MB, som er det meste som tas imot."
                )
            if offset != self.file.tell():
                self.file.seek(offset)
            self.file.write(chunk)
            self.size = max(self.size, offset + len(chunk))

    def place(self) -> Path:
        """Make the file durable and give it its name, or the first free one after it."""
        with self._whole_or_gone():
            if not self.size:
                raise Refusal(
                    "Filen er tom (0 byte). Lag uttrekket på nytt og send filen en gang til."
                )
            self.file.flush()
            os.fsync(self.file.fileno())
            placed = _place(self.path, self.folder / self.name)
        self.close()
        sync_folder(self.folder)
        return placed

    def close(self) -> None:
        """Leave nothing behind under the hidden name; safe to repeat."""
        with suppress(OSError):  # a full disk, told already or of no interest
            self.file.close()
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _whole_or_gone(self) -> Iterator[None]:
        """After the first refusal the file is gone, and the reason stands."""
        if self.fault:
            raise Refusal(self.fault)
        try:
            with room_on_disk(self.folder):
                yield
        except Refusal as refusal:
            self.fault = str(refusal)
            self.close()
            raise


def usable_name(name: str) -> str:
    """The name as it may stand in the inbox; raises Refusal for a path or an unfinished name."""
    if "/" in name or "\\" in name or "\0" in name:
        raise Refusal("Filnavnet kan ikke være en sti. Send bare navnet på filen.")
    shown = safe_name(name)
    if not shown.strip("._") or is_unfinished(shown):
        raise Refusal(
            "Filnavnet mangler eller er et navn på en uferdig fil. Gi filen et annet navn."
        )
    return shown


def _place(unfinished: Path, wanted: Path) -> Path:
    """Give the file its name, or the first free one after it; a link never overwrites."""
    for number in count(1):
        target = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            target.hardlink_to(unfinished)
        except FileExistsError:
            continue
        return target
    raise AssertionError
