"""Room: a folder of a backup's or a restore's own below the data folder, one at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler.backup import BackupError

# Below the data folder: on its disk, so that links and renames reach, and behind its locks.
NAME = ".backup"


@contextmanager
def room(data_dir: Path) -> Iterator[Path]:
    """An empty folder, removed at the end; raises BackupError while another holds it."""
    folder = data_dir / NAME
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(folder):
        inner = folder / "held"
        try:
            shutil.rmtree(inner, ignore_errors=True)  # left by one that was killed
            inner.mkdir(mode=0o700)
            yield inner
        finally:
            shutil.rmtree(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BackupError(
            f"En annen sikkerhetskopi eller gjenoppretting går i {folder.parent}. "
            "Vent til den er ferdig."
        ) from error
    finally:
        os.close(lock)
