"""Files that are there whole or not at all, and a full disk told as what it is."""

import csv
import errno
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jobs.api import Refusal

CHUNK = 1 << 20
LONGEST_NAME = 100  # bytes; a file system takes 255, and answers add to the name
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# A spreadsheet takes a text cell that begins with one of these for a formula (CWE-1236).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def room_on_disk(folder: Path) -> Iterator[None]:
    """Turn "no space left" into a refusal that a person can mend; other faults pass through."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise Refusal(
            f"Disken har ikke plass til mer i mappen «{folder.name}»; ingenting er levert eller "
            "endret. Frigjør plass og kjør på nytt."
        ) from error


def write_whole(path: Path, chunks: Iterable[bytes]) -> str:
    """Write the file under another name, make it durable, then rename; returns its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    digest = hashlib.sha256()
    try:
        with room_on_disk(path.parent), unfinished.open("wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make renames in the folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_name(name: str) -> str:
    """The name without what does not belong in one: odd characters, length, identity numbers."""
    plain = re.sub(r"[^\w.-]+", "_", name)
    plain = re.sub(r"\d{11,}", "_", plain)
    return plain.encode()[-LONGEST_NAME:].decode(errors="ignore")


class _Echo:
    """What csv.writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[object]], separator: str = ";") -> Iterator[str]:
    """Each row as one line with CRLF; None is an empty field."""
    writer = csv.writer(_Echo(), delimiter=separator, lineterminator="\r\n")
    return (str(writer.writerow(row)) for row in rows)


def spreadsheet_safe(cell: object) -> object:
    """A text cell that no spreadsheet takes for a formula; numbers pass as they are."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
