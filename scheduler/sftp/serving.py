"""Serving: the SFTP process: logs senders in by their keys, and shuts out those taken back."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from typing import cast

import asyncssh
from asyncssh.channel import SSHChannel
from asyncssh.stream import SSHServerStreamSession
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from jobs.channels.files import remove_abandoned, safe_name
from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from scheduler.sftp import accounts
from scheduler.sftp.accounts import Account
from scheduler.sftp.files import Files, Line
from scheduler.sftp.keys import host_key, public_key
from scheduler.sftp.tree import Tree

log = logging.getLogger(__name__)

CHECK_SECONDS = 30.0
LOGIN_SECONDS = 30
KEEPALIVE_SECONDS = 60
SFTP_VERSION = 3


@dataclass(eq=False)
class Gate:
    """What all connections share: the settings, the ledger, and who is connected now."""

    settings: Settings
    engine: Engine
    connected: set["Login"] = field(default_factory=set)

    async def account(self, name: str) -> Account | None:
        return await asyncio.to_thread(accounts.find, self.engine, name)

    async def keep_out_revoked(self, every: float) -> None:
        """Break the connections of accounts that are taken back or have got another key."""
        while True:
            await asyncio.sleep(every)
            for login in list(self.connected):
                try:
                    await login.check()
                except DBAPIError as error:
                    log.error("sftp: database unreachable: %s", type(error.orig).__name__)  # noqa: TRY400 - the text may quote data


class Login(asyncssh.SSHServer):
    """One connection: a public key is the only way in, and SFTP the only thing to do."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.account: Account | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - whyever it was
        self.gate.connected.discard(self)

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether it is the key of the live account of that name."""
        try:
            found = await self.gate.account(username)
        except DBAPIError as error:
            log.error("sftp: database unreachable: %s", type(error.orig).__name__)  # noqa: TRY400 - the text may quote data
            return False
        if found is None or not compare_digest(found.public_key, public_key(key).line):
            log.info("sftp denied: sender=%s", safe_name(username), extra={"action": "sftp-denied"})
            return False
        self.account = found
        return True

    def auth_completed(self) -> None:
        if self.account is not None:
            self.gate.connected.add(self)
            log.info("sftp login: sender=%s", self.account.name, extra={"action": "sftp-login"})

    async def check(self) -> None:
        """Break the connection unless the account is as it was."""
        mine = self.account
        if mine is None:
            return
        now = await self.gate.account(mine.name)
        if now is None or (now.public_key, now.scope) != (mine.public_key, mine.scope):
            log.info("sftp revoked: sender=%s", mine.name, extra={"action": "sftp-revoked"})
            self.connection.abort()

    def session_requested(self) -> "Session | bool":
        if self.account is None:
            return False
        return Session(Tree(self.gate.settings.data_dir, self.account), self.gate.settings)


class Session(SSHServerStreamSession[bytes]):
    """An SFTP session that knows when its line ends, which the protocol's close does not tell."""

    def __init__(self, tree: Tree, settings: Settings) -> None:
        self.line = Line()

        def files(channel: "SSHChannel[bytes]") -> Files:
            server = cast("asyncssh.SSHServerChannel[bytes]", channel)
            return Files(server, self.line, tree, settings.max_file_mb)

        super().__init__(None, files, SFTP_VERSION, allow_scp=False)

    def eof_received(self) -> bool:
        self.line.ended = True
        return bool(super().eof_received())

    def connection_lost(self, exc: Exception | None) -> None:
        self.line.end()
        super().connection_lost(exc)


@asynccontextmanager
async def serving(
    settings: Settings, check_seconds: float = CHECK_SECONDS
) -> AsyncIterator[asyncssh.SSHAcceptor]:
    """The server, listening while the block runs; its port is `get_port()`."""
    remove_abandoned(settings.data_dir / "inbox", datetime.now(UTC))
    engine = open_database(settings.ledger_url, create=False)
    gate = Gate(settings, engine)
    async with AsyncExitStack() as ending:
        ending.callback(engine.dispose)
        acceptor = await _listening(gate)
        ending.push_async_callback(acceptor.wait_closed)
        ending.callback(acceptor.close)
        watch = asyncio.create_task(gate.keep_out_revoked(check_seconds))
        ending.callback(watch.cancel)
        yield acceptor
        for login in list(gate.connected):
            login.connection.abort()


async def _listening(gate: Gate) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        gate.settings.sftp_host,
        gate.settings.sftp_port or 0,
        server_factory=lambda: Login(gate),
        server_host_keys=[host_key(gate.settings.data_dir)],
        password_auth=False,
        kbdint_auth=False,
        host_based_auth=False,
        gss_host=None,
        agent_forwarding=False,
        login_timeout=LOGIN_SECONDS,
        keepalive_interval=KEEPALIVE_SECONDS,
    )


def run(settings: Settings) -> None:
    """Run the SFTP process until SIGTERM or SIGINT; transfers under way are then broken off."""
    asyncio.run(_until_told(settings))


async def _until_told(settings: Settings) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with serving(settings) as acceptor:
        log.info("sftp ready: port=%d", acceptor.get_port(), extra={"action": "sftp-ready"})
        await told.wait()
