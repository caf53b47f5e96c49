"""A file in spans of bytes that fit in memory, cut where a person's lines begin."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

MAX_LINE = 4096  # bytes; the longest legal line is well under 1000
BLOCK = 4 << 20  # bytes; parsed and judged, a block takes about eight times as much memory


class Digest(Protocol):
    """A hash that takes the content piece by piece."""

    def update(self, content: bytes, /) -> None:
        """Take the next piece."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file, whose bytes go through the digest (if any) as they are read."""

    file: BinaryIO
    digest: Digest | None = None

    def read(self, size: int) -> bytes:
        """Read so many bytes, fewer only at the end."""
        return self._seen(self.file.read(size))

    def skip_line(self) -> None:
        """Let go of what is left of a line."""
        while raw := self._seen(self.file.readline(MAX_LINE)):
            if raw.endswith(b"\n"):
                return

    def _seen(self, content: bytes) -> bytes:
        if self.digest:
            self.digest.update(content)
        return content


@dataclass(frozen=True, slots=True)
class Span:
    """Whole lines of a file: where they lie, the number of the first, and a sum of their bytes."""

    offset: int
    length: int
    first_line: int
    crc: int

    @classmethod
    def of(cls, block: bytes, offset: int, first_line: int) -> "Span":
        return cls(offset, len(block), first_line, zlib.crc32(block))

    def read(self, path: Path) -> bytes | None:
        """Read the bytes again; None when they are no longer the same."""
        with path.open("rb") as file:
            file.seek(self.offset)
            block = file.read(self.length)
        return block if zlib.crc32(block) == self.crc else None


def blocks(source: Source, first: bytes) -> Iterator[bytes]:
    """Read whole lines, about BLOCK bytes at a time, and each person's lines together if possible.

    `first` is what a person's first line begins with.

    Of a line that is far too long only the beginning is kept, without a line end.
    """
    rest = b""
    while chunk := source.read(BLOCK):
        block = rest + chunk
        end = block.rfind(b"\n") + 1
        if len(block) - end > MAX_LINE:
            yield block[: end + MAX_LINE + 1]
            source.skip_line()
            rest = b""
            continue
        cut = len(block) if len(chunk) < BLOCK else block.rfind(b"\n" + first) + 1 or end
        rest = block[cut:]
        if cut:
            yield block[:cut]
    if rest:
        yield rest
