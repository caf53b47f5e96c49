"""A receiver's SFTP server on loopback, a real one, that fails as it is told to."""

import asyncio
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh


@dataclass
class Receiver:
    """The server: its folder on disk, its port and host key, and what is wrong with it."""

    root: Path
    port: int = 0
    host_key: asyncssh.SSHKey = field(
        default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519")
    )
    fault: str = ""
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    @property
    def pinned(self) -> str:
        return self.host_key.export_public_key("openssh").decode().strip()

    def inside(self) -> list[str]:
        """Every file and folder that it has, hidden ones too."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*"))


@contextmanager
def sftp_server(root: Path, client: asyncssh.SSHKey, host_key: asyncssh.SSHKey | None = None):
    """The server, with the folders `inn` and `ut`, for one client's key."""
    for folder in ("inn", "ut"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    receiver = Receiver(root, **({"host_key": host_key} if host_key else {}))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def there(work):
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    acceptor = there(_listening(receiver, client))
    receiver.port = acceptor.get_port()
    try:
        yield receiver
    finally:
        there(_closed(acceptor, receiver))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listening(receiver: Receiver, client: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    line = client.export_public_key("openssh").decode()
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: _Login(receiver),
        server_host_keys=[receiver.host_key],
        authorized_client_keys=asyncssh.import_authorized_keys(line),
        sftp_factory=lambda channel: _Files(channel, receiver),
    )


async def _closed(acceptor: asyncssh.SSHAcceptor, receiver: Receiver) -> None:
    acceptor.close()
    for connection in receiver.connections:
        connection.abort()
    await acceptor.wait_closed()


class _Login(asyncssh.SSHServer):
    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    def connection_made(self, conn) -> None:
        self.receiver.connections.append(conn)


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel, receiver: Receiver) -> None:
        super().__init__(channel, chroot=os.fsencode(receiver.root))
        self.receiver = receiver

    def write(self, file_obj, offset, data):
        match self.receiver.fault:
            case "no space":
                raise asyncssh.SFTPNoSpaceOnFilesystem("No space left on device")
            case "failure" | "failure, no room":
                raise asyncssh.SFTPFailure("Failure")
            case "cut":
                self.connection.abort()
        return super().write(file_obj, offset, data)

    def statvfs(self, path):
        found = super().statvfs(path)
        if self.receiver.fault != "failure, no room":
            return found
        full = asyncssh.SFTPVFSAttrs.from_local(found)
        full.bavail = 0
        return full

    def rename(self, oldpath, newpath):
        if self.receiver.fault == "rename refused":
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        if self.receiver.fault == "cut before rename":
            self.connection.abort()
            return
        super().rename(oldpath, newpath)
        if self.receiver.fault == "cut after rename":
            self.connection.abort()
