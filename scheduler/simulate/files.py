"""Files: how a county's extract comes to lie in its folder, at an instant of the led clock."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

# Files are compared with the file system's own time, and a led clock may be ahead of it: what is
# written on the led clock is as old as this, and keeps its order.
LONG_AGO = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a county puts its files of one deliverable, under a data folder."""

    data_dir: Path
    county: str
    deliverable: str

    def put(self, name: str, write: Callable[[Path], object], now: datetime) -> Path:
        """Let `write` fill a file, which then lies there finished; returns its path."""
        folder = self.data_dir / "inbox" / self.county / self.deliverable
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.part"
        write(part)
        stamp = (now - LONG_AGO).timestamp()
        os.utime(part, (stamp, stamp))
        return part.rename(folder / name)


def cut_off(path: Path) -> None:
    """Leave the first two thirds, as a line that broke would."""
    os.truncate(path, path.stat().st_size * 2 // 3)
