"""Tree: the folders a sender sees, `inn/<deliverable>/` and `ut/`, and where they lie on disk.

A path is cleaned by its text alone and looked up among known names, so that no path leads out.
"""

import errno
import os
import posixpath
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scheduler.sftp.accounts import Account

IN, OUT = "inn", "ut"
# Never through a link, and never waiting for whoever writes to a pipe.
_OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def absent() -> FileNotFoundError:
    """What is not there, and what is not to be seen, are told alike."""
    return FileNotFoundError(errno.ENOENT, "Fant ikke filen eller mappen")


def cleaned(path: bytes) -> str:
    """The path from the sender's root, without "." and ".."; raises FileNotFoundError."""
    try:
        return "/" + posixpath.normpath("/" + path.decode()).lstrip("/")
    except UnicodeDecodeError as error:
        raise absent() from error


@dataclass(frozen=True, slots=True)
class Tree:
    """What one account sees of the data folder."""

    data_dir: Path
    account: Account

    def folder(self, path: bytes) -> list[str] | None:
        """The names in the folder; None when the path is no folder."""
        match cleaned(path).split("/")[1:]:
            case [""]:
                return [IN, OUT]
            case ["inn"]:
                return list(self.account.deliverables)
            case ["inn", deliverable] if deliverable in self.account.deliverables:
                return []
            case ["ut"]:
                return sorted(self._returned())
        return None

    def target(self, path: bytes) -> tuple[Path, str] | None:
        """The inbox folder and the name that a file written to the path gets; else None."""
        match cleaned(path).split("/")[1:]:
            case ["inn", deliverable, name] if deliverable in self.account.deliverables:
                return self.data_dir / "inbox" / self.account.scope / deliverable, name
        return None

    def open_returned(self, path: bytes) -> BinaryIO:
        """A file under `ut/`, for reading; raises FileNotFoundError for all else, links too."""
        match cleaned(path).split("/")[1:]:
            case ["ut", name] if _is_shown(name):
                return _opened(self._returns / name)
        raise absent()

    @property
    def _returns(self) -> Path:
        return self.data_dir / "returns" / self.account.scope

    def _returned(self) -> Iterator[str]:
        if not self._returns.is_dir():
            return
        with os.scandir(self._returns) as entries:
            for entry in entries:
                if _is_shown(entry.name) and entry.is_file(follow_symlinks=False):
                    yield entry.name


def _is_shown(name: str) -> bool:
    return "\0" not in name and not name.startswith(".")


def _opened(path: Path) -> BinaryIO:
    try:
        file = open(os.open(path, _OPENING), "rb")  # noqa: PTH123, SIM115 - a descriptor, closed by who asked
    except OSError as error:
        raise absent() from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise absent()
    return file
