"""Files: which of the data folder's are copied, seen at one instant."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from jobs.imports.inbox import QUIET, is_unfinished

INBOX, WORK = "inbox", "work"
# What is there stays as it is: names read at the instant are enough. `feeds` is built anew.
LASTING = ("archive", "outbox", "returns", "rejected", "keys")
FOLDERS = (INBOX, WORK, *LASTING)

Found = dict[str, Path]
"""Path below the data folder -> where the bytes can be read later."""


def see(data_dir: Path, held: Path) -> Found:
    """The files as they are now; those that may be moved or removed are held by a link in `held`.

    The inbox comes before the archive, so that a file on its way between them is seen at least
    once; seen twice, it is answered as a duplicate after a restore.
    """
    found: Found = {}
    for path in _finished(data_dir / INBOX):
        if time.time() - path.lstat().st_mtime >= QUIET.total_seconds():
            found |= _held(path, data_dir, held)
    for path in _finished(data_dir / WORK):
        found |= _held(path, data_dir, held)
    for folder in LASTING:
        found |= {_name(path, data_dir): path for path in _finished(data_dir / folder)}
    return found


def _finished(folder: Path) -> Iterator[Path]:
    """Regular files below the folder that nobody still writes under a name of its own."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_unfinished(name)]
        for name in names:
            path = Path(place, name)
            with suppress(FileNotFoundError):  # taken in, or its run has ended
                if not is_unfinished(name) and stat.S_ISREG(path.lstat().st_mode):
                    yield path


def _held(path: Path, data_dir: Path, held: Path) -> Found:
    name = _name(path, data_dir)
    link = held / name
    link.parent.mkdir(parents=True, exist_ok=True)
    try:
        link.hardlink_to(path)
    except FileNotFoundError:
        return {}
    return {name: link}


def _name(path: Path, data_dir: Path) -> str:
    return path.relative_to(data_dir).as_posix()
