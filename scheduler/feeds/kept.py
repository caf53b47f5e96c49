"""Kept file: what a feed file last held when it was whole, whatever happens to it on disk."""

import gzip
import logging
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
Content = TypeVar("Content")


class NotWholeError(ValueError):
    """A file that is damaged, cut short or something else than it should be."""


class Kept(Generic[Content]):
    """Reads a file and its packed twin anew only after one of them was replaced.

    The packed one is asked first, for its checksum vouches for it. `read` makes something of the
    bytes, or raises ValueError when they are not whole; then the last good content stands.
    """

    def __init__(self, path: Path, read: Callable[[bytes, bytes], Content]) -> None:
        self._path, self._twin = path, path.with_name(f"{path.name}.gz")
        self._read = read
        self._stamps: tuple[tuple[int, ...], ...] | None = None
        self._content: Content | None = None
        self._changed_at = datetime.fromtimestamp(0, UTC)

    def get(self) -> tuple[Content, datetime] | None:
        """The content and when it was written; None when there never was any that is whole."""
        stamps = tuple(stamp for file in (self._path, self._twin) if (stamp := _stamp(file)))
        if stamps != self._stamps:
            self._renew(stamps)
            self._stamps = stamps
        content = self._content
        return None if content is None else (content, self._changed_at)

    def _renew(self, stamps: tuple[tuple[int, ...], ...]) -> None:
        plain, packed = _bytes_of(self._path), _bytes_of(self._twin)
        for content, twin in ((_unpacked(packed), packed), (plain, b"")):
            try:
                self._content = self._read(content, twin)
            except ValueError:
                continue
            self._changed_at = datetime.fromtimestamp(max(at for _, at, _ in stamps) // 10**9, UTC)
            return
        if stamps:
            log.warning("%s is not whole, and neither is its twin", self._path.name)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _unpacked(packed: bytes) -> bytes:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return b""
