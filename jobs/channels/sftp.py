"""A line over SFTP: the receiver's host key is pinned, and a delivery is renamed into place when whole.

A delivery is a folder; it is filled under a hidden name, and its own name is the proof that all is there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar, cast

import asyncssh
from asyncssh import SFTPClient

from jobs.channels.configuration import Sftp
from jobs.channels.faults import Declined, HostKeyChanged, LoginRefused, NoRoomThere, UnreachedError
from jobs.channels.files import UNFINISHED, unfinished_name
from jobs.channels.sealing import ENVELOPE, SIGNATURE, Found
from jobs.channels.slips import MOST_BYTES, SUFFIX, Slip

LOGIN_SECONDS = 20
KEEPALIVE_SECONDS = 15
T = TypeVar("T")

_LOST = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)
_FULL = (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded)
# Version 3 of the protocol, which most servers speak, has no code for a full disk: only words.
_FULL_WORDS = ("no space", "quota", "disk full")


@dataclass(frozen=True, slots=True)
class SftpLine:
    """The server of one receiver."""

    kind: ClassVar[str] = "sftp"
    receiver: str
    way: Sftp

    def reach(self, size: int) -> str:
        async def found() -> str:
            async with self._session() as sftp:
                await self._enough_room(sftp, size)
                here = len(await sftp.listdir(self.way.folder))
                await sftp.listdir(self.way.receipts)
                return (
                    f"{self.way.account}@{self.way.host}:{self.way.port} slipper oss inn; vertsnøkkelen er den "
                    f"låste ({self._pinned()}), og {self.way.folder} har {here - 2} poster."
                )

        return self._run(found())

    def look_up(self, name: str) -> Found | None:
        async def found() -> Found | None:
            async with self._session() as sftp:
                return await self._found(sftp, name)

        return self._run(found())

    def place(self, name: str, files: Sequence[Path], about_to: Callable[[], None]) -> None:
        async def placed() -> None:
            async with self._session() as sftp:
                await self._clear_unfinished(sftp, name)
                hidden = f"{self.way.folder}/{unfinished_name(Path(name)).name}"
                try:
                    await self._fill(sftp, hidden, files)
                    about_to()
                    await sftp.rename(hidden, f"{self.way.folder}/{name}")
                except (asyncssh.SFTPError, NoRoomThere) as error:
                    with suppress(asyncssh.SFTPError):
                        await sftp.rmtree(hidden, ignore_errors=True)
                    raise error from None

        self._run(placed())

    def slips(self, names: Sequence[str]) -> list[Slip]:  # noqa: ARG002 - all that lie there
        async def found() -> list[Slip]:
            async with self._session() as sftp:
                listed = sorted(str(name) for name in await sftp.listdir(self.way.receipts))
                there = [n for n in listed if n.endswith(SUFFIX) and not n.startswith(".")]
                return [Slip(n, await _beginning(sftp, f"{self.way.receipts}/{n}")) for n in there]

        return self._run(found())

    async def _found(self, sftp: SFTPClient, name: str) -> Found | None:
        folder = f"{self.way.folder}/{name}"
        if not await sftp.exists(folder):
            return None
        sizes = {str(entry.filename): entry.attrs.size or 0 async for entry in sftp.scandir(folder)}
        contents = [
            await _beginning(sftp, f"{folder}/{each}") if each in sizes else b""
            for each in (ENVELOPE, SIGNATURE)
        ]
        return Found(contents[0], contents[1], sizes)

    async def _fill(self, sftp: SFTPClient, hidden: str, files: Sequence[Path]) -> None:
        await sftp.mkdir(hidden)
        try:
            for path in files:
                await sftp.put(str(path), f"{hidden}/{path.name}")
        except asyncssh.SFTPFailure:  # some servers say no more than that of a full disk
            await self._enough_room(sftp, sum(path.stat().st_size for path in files))
            raise

    async def _clear_unfinished(self, sftp: SFTPClient, name: str) -> None:
        """Remove what attempts that died have left; we alone send under this name."""
        for entry in await sftp.listdir(self.way.folder):
            if str(entry).startswith(f".{name}.") and str(entry).endswith(UNFINISHED):
                await sftp.rmtree(f"{self.way.folder}/{entry}", ignore_errors=True)

    async def _enough_room(self, sftp: SFTPClient, size: int) -> None:
        """Raise when the server tells that it lacks the room; not all servers tell."""
        with suppress(asyncssh.SFTPOpUnsupported, asyncssh.SFTPPermissionDenied):
            disk = await sftp.statvfs(self.way.folder)
            if disk.bavail * disk.frsize < size:
                raise NoRoomThere(self.receiver)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[SFTPClient]:
        key = asyncssh.import_public_key(self.way.host_key)
        async with (
            asyncssh.connect(
                self.way.host,
                self.way.port,
                username=self.way.account,
                client_keys=[str(self.way.private_key)],
                known_hosts=([key], [], []),
                config=None,
                agent_path=None,
                connect_timeout=LOGIN_SECONDS,
                login_timeout=LOGIN_SECONDS,
                keepalive_interval=KEEPALIVE_SECONDS,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            yield sftp

    def _run(self, work: Coroutine[None, None, T]) -> T:
        """What the work found, or every fault of the line in our words."""
        try:
            return asyncio.run(work)
        except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed) as error:
            raise HostKeyChanged(self.receiver, self._pinned(), self._seen()) from error
        except asyncssh.PermissionDenied as error:
            raise LoginRefused(self.receiver) from error
        except _LOST as error:
            raise UnreachedError(self.receiver, error.reason) from error
        except asyncssh.SFTPError as error:
            if isinstance(error, _FULL) or any(w in error.reason.lower() for w in _FULL_WORDS):
                raise NoRoomThere(self.receiver) from error
            raise Declined(self.receiver, error.reason) from error
        except asyncssh.Error as error:
            raise UnreachedError(self.receiver, error.reason) from error
        except OSError as error:
            if error.filename:  # one of our own files
                raise
            raise UnreachedError(self.receiver, error.strerror or error) from error

    def _pinned(self) -> str:
        return asyncssh.import_public_key(self.way.host_key).get_fingerprint()

    def _seen(self) -> str:
        """The fingerprint of the key that the server shows now; "" when it does not answer again."""
        with suppress(OSError, asyncssh.Error):
            key = asyncio.run(
                asyncssh.get_server_host_key(self.way.host, self.way.port, config=None)
            )
            return key.get_fingerprint() if key else ""
        return ""


async def _beginning(sftp: SFTPClient, path: str) -> bytes:
    """A small file, or as much as shows that it is not."""
    async with sftp.open(path, "rb") as file:
        return cast("bytes", await file.read(MOST_BYTES + 1))
