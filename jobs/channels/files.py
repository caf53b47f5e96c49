"""Files that are there whole or not at all, and a full disk told as what it is."""

import csv
import errno
import glob
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from jobs.api import Hindrance
from jobs.fencing import is_fenced, must_be_mine

CHUNK = 1 << 20
UNFINISHED = ".part"  # how the hidden name ends under which a file is made
ABANDONED_AFTER = timedelta(days=1)
LONGEST_NAME = 100  # bytes; a file system takes 255, and answers add to the name
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# A spreadsheet takes a text cell that begins with one of these for a formula (CWE-1236).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class NoRoom(Hindrance):
    """A disk is full. Whoever sends us a file is told as of any refusal; a step of ours has failed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Disken har ikke plass til mer i mappen «{folder.name}»; filen er ikke skrevet. "
            "Frigjør plass og prøv på nytt."
        )


@contextmanager
def room_on_disk(folder: Path) -> Iterator[None]:
    """Turn "no space left" into a refusal that a person can mend; other faults pass through."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise NoRoom(folder) from error


def write_whole(path: Path, chunks: Iterable[bytes]) -> str:
    """Write the file under another name, make it durable, then rename; returns its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with room_on_disk(path.parent), whole_file(path) as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


@contextmanager
def whole_file(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file to fill, which durably appears under its name when the block ends well; else nothing does.

    Nor in a step whose run another process has taken over. `mode` is its permissions, less what the
    process takes away.
    """
    if is_fenced():
        clear_unfinished(path)
    unfinished = unfinished_name(path)
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(opened, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        must_be_mine()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def unfinished_name(path: Path) -> Path:
    """Where what becomes `path` is made: a place of this writer's own, also beside a frozen one's."""
    return path.with_name(f".{path.name[-LONGEST_NAME:]}.{secrets.token_hex(4)}{UNFINISHED}")


def remove_abandoned(folder: Path, now: datetime) -> None:
    """Remove the hidden, unfinished files and folders that a crash left somewhere below, a day ago."""
    before = (now - ABANDONED_AFTER).timestamp()
    for path in list(folder.rglob(f".*{UNFINISHED}")):
        with suppress(FileNotFoundError):  # another process is at it as well
            if path.lstat().st_mtime < before:
                folder_of_ours = path.is_dir() and not path.is_symlink()
                shutil.rmtree(path) if folder_of_ours else path.unlink()


def clear_unfinished(path: Path) -> None:
    """Remove what writers of `path` that died have left; for whoever alone may write it, as a run's step."""
    name = glob.escape(path.name[-LONGEST_NAME:])
    for left in path.parent.glob(f".{name}.????????{UNFINISHED}"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


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
