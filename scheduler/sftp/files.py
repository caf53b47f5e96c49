"""Files: what a logged-in sender may do: write under `inn/`, list, and read under `ut/`."""

import asyncio
import logging
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO, NoReturn, cast

import asyncssh

from jobs.api import Refusal
from jobs.channels.files import safe_name
from jobs.imports.dropping import Part
from scheduler.sftp.tree import Tree, absent, cleaned

log = logging.getLogger(__name__)

FXF_READ, FXF_WRITE, FXF_APPEND = 0x01, 0x02, 0x04
NOT_HERE = (
    "Dette kan ikke gjøres her. Legg filer rett i inn/<leveranse>/ under sitt endelige navn; "
    "svarene hentes i ut/."
)


@dataclass
class Line:
    """One session's line to the sender: whether it has ended, and what is half sent over it."""

    ended: bool = False
    parts: set[Part] = field(default_factory=set)

    def end(self) -> None:
        """Nothing more comes: half a file is none."""
        self.ended = True
        for part in self.parts:
            part.close()


@contextmanager
def _told() -> Iterator[None]:
    """A refusal reaches the sender in its own words."""
    try:
        yield
    except Refusal as refusal:
        raise asyncssh.SFTPFailure(str(refusal)) from refusal


class Files(asyncssh.SFTPServer):
    """One sender's session. What is not overridden here meets `map_path`, and is refused."""

    def __init__(
        self, channel: "asyncssh.SSHServerChannel[bytes]", line: Line, tree: Tree, max_mb: int
    ) -> None:
        super().__init__(channel)
        self.line, self.tree, self.max_mb = line, tree, max_mb

    def map_path(self, path: bytes) -> NoReturn:  # noqa: ARG002 - all paths alike
        raise asyncssh.SFTPPermissionDenied(NOT_HERE)

    def fstatvfs(self, file_obj: object) -> NoReturn:  # noqa: ARG002 - all files alike
        raise asyncssh.SFTPPermissionDenied(NOT_HERE)

    def realpath(self, path: bytes) -> bytes:
        return cleaned(path).encode()

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:  # noqa: ARG002 - rights are ours to set
        """A file to write under `inn/`, or one to read under `ut/`; never both."""
        if not pflags & (FXF_WRITE | FXF_APPEND):
            return self._opened(path)
        target = self.tree.target(path)
        if target is None or pflags & (FXF_READ | FXF_APPEND):
            raise asyncssh.SFTPPermissionDenied(NOT_HERE)
        with _told():
            part = Part(*target, self.max_mb)
        self.line.parts.add(part)
        return part

    def _opened(self, path: bytes) -> BinaryIO:
        if self.tree.target(path):
            raise asyncssh.SFTPPermissionDenied(NOT_HERE)
        file = self.tree.open_returned(path)
        self._log("fetch", cleaned(path), os.fstat(file.fileno()).st_size)
        return file

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        if isinstance(file_obj, Part):
            raise asyncssh.SFTPPermissionDenied(NOT_HERE)
        file = cast("BinaryIO", file_obj)
        file.seek(offset)
        return file.read(size)

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if not isinstance(file_obj, Part):
            raise asyncssh.SFTPPermissionDenied(NOT_HERE)
        with _told():
            file_obj.write(data, offset)
        return len(data)

    async def close(self, file_obj: object) -> None:
        """Place what was written; what is still open when the line ends is half a file, and goes."""
        if not isinstance(file_obj, Part):
            cast("BinaryIO", file_obj).close()
            return
        self.line.parts.discard(file_obj)
        if self.line.ended:
            file_obj.close()
            self._log("broken-off", file_obj.name, file_obj.size)
        else:
            await self._place(file_obj)

    async def _place(self, part: Part) -> None:
        try:
            with _told(), closing(part):
                placed = await asyncio.to_thread(part.place)
        except asyncssh.SFTPFailure:
            self._log("refused", part.name, part.size)
            raise
        self._log("upload", placed.name, part.size)

    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        if self.tree.folder(path) is not None:
            return asyncssh.SFTPAttrs(permissions=stat.S_IFDIR | 0o755)
        with closing(self.tree.open_returned(path)) as file:
            return self.fstat(file)

    def lstat(self, path: bytes) -> asyncssh.SFTPAttrs:
        return self.stat(path)

    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        if isinstance(file_obj, Part):
            return asyncssh.SFTPAttrs(size=file_obj.size, permissions=stat.S_IFREG | 0o200)
        found = os.fstat(cast("BinaryIO", file_obj).fileno())
        return asyncssh.SFTPAttrs(
            size=found.st_size,
            permissions=stat.S_IFREG | 0o444,
            atime=int(found.st_mtime),
            mtime=int(found.st_mtime),
        )

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Programs set times and rights on what they sent; that is of no consequence."""
        if self.tree.target(path) is None or attrs.size is not None:
            raise asyncssh.SFTPPermissionDenied(NOT_HERE)

    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        self.setstat(path, attrs)

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        if not isinstance(file_obj, Part) or attrs.size is not None:
            raise asyncssh.SFTPPermissionDenied(NOT_HERE)

    def fsync(self, file_obj: object) -> None:
        """Nothing to do: a file is made durable before it is placed."""

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        names = self.tree.folder(path)
        if names is None:
            raise absent()
        for name in (".", "..", *names):
            with suppress(FileNotFoundError):  # fetched and removed by somebody meanwhile
                attrs = self.stat(path + b"/" + name.encode())
                yield asyncssh.SFTPName(name.encode(), attrs=attrs)

    def _log(self, action: str, name: str, size: int) -> None:
        sender = self.tree.account.name
        log.info(
            "sftp %s: sender=%s file=%s bytes=%d",
            action,
            sender,
            safe_name(name),
            size,
            extra={"action": f"sftp-{action}", "sender": sender},
        )
