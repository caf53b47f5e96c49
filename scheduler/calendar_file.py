"""The calendar file: calendar.yaml rewritten whole, as its owner wrote it: line ends, mark, permissions."""

import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

from jobs.channels.files import whole_file


class ChangedMeanwhileError(Exception):
    """The file was saved while it was about to be rewritten, and stands as it was saved."""


@contextmanager
def rewriting(path: Path, text: str) -> Iterator[None]:
    """Put `text` in the file in one rename when the block ends well; else it stays as it is.

    The new file lies beside it before the block begins, so that a full disk is found in time. Raises
    OSError when the file cannot be made or put in place, and ChangedMeanwhileError.
    """
    place = path.resolve()  # what a link points to is the file
    before = place.read_bytes() if place.exists() else b""
    mode = S_IMODE(place.stat().st_mode) if place.exists() else 0o644
    with whole_file(place, mode) as file:
        os.fchmod(file.fileno(), mode)  # also what the process's own mask would take away
        file.write(_in_the_manner_of(before, text))
        file.flush()
        os.fsync(file.fileno())
        yield
        if place.exists() and place.read_bytes() != before:
            raise ChangedMeanwhileError


def _in_the_manner_of(before: bytes, text: str) -> bytes:
    """The text as bytes, with the line ends and the byte order mark of what stood there."""
    written = text.replace("\n", "\r\n") if b"\r\n" in before else text
    return (BOM_UTF8 if before.startswith(BOM_UTF8) else b"") + written.encode()
