"""Logging in: a real server on loopback, and a real client with a sender's key."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncssh
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.access import senders
from scheduler.settings import Settings
from scheduler.sftp.keys import public_key
from scheduler.sftp.serving import serving
from tests.web import seed

COUNT = "skole-off-telling-okt"
HERE = f"/inn/{COUNT}"


@dataclass(frozen=True)
class Sender:
    name: str
    key: asyncssh.SSHKey


def new_sender(engine: Engine, name: str, scope: str, key: asyncssh.SSHKey) -> Sender:
    kept = public_key(key)
    with Session(engine) as session, session.begin():
        senders.add(session, name, scope, kept.line, kept.fingerprint, "kari", seed.NOW)
    return Sender(name, key)


def revoke(engine: Engine, name: str) -> None:
    with Session(engine) as session, session.begin():
        senders.revoke(session, name, "kari", seed.NOW)


@asynccontextmanager
async def connected(port: int, sender: Sender):
    """A connection to the server on that port."""
    options = {"client_keys": [sender.key], "known_hosts": None, "config": None}
    async with asyncssh.connect(
        "127.0.0.1", port, username=sender.name, agent_path=None, **options
    ) as connection:
        yield connection


@asynccontextmanager
async def logged_in(port: int, sender: Sender):
    """An SFTP session."""
    async with connected(port, sender) as connection, connection.start_sftp_client() as sftp:
        yield sftp


def serve(config: Settings, work: Callable[[int], Awaitable[Any]], check_seconds=30.0) -> Any:
    """What `work` returns when it is given the port of a running server."""

    async def served():
        async with serving(config, check_seconds) as acceptor:
            return await work(acceptor.get_port())

    return asyncio.run(served())


def as_sender(config: Settings, sender: Sender, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """What `work` returns when it is given an SFTP session of the sender."""

    async def in_session(port):
        async with logged_in(port, sender) as sftp:
            return await work(sftp)

    return serve(config, in_session)


def inbox(config: Settings) -> dict[str, bytes]:
    """Every file of the inbox, hidden ones too: path below the inbox -> content."""
    root = config.data_dir / "inbox"
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - files tell nobody
            await asyncio.sleep(0.01)
