"""A mail server on loopback: aiosmtpd, at a port of the system's choice, told how to answer."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY

from aiosmtpd.smtp import SMTP, AuthResult

YES = "250 OK"


@dataclass
class Mailbox:
    """What a server has taken in, and how it answers; a hook runs before the answer is given."""

    port: int = 0
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    rcpt_answer: str = YES
    data_answer: str = YES
    on_data: Callable[[], None] = lambda: None
    on_quit: Callable[[], None] = lambda: None
    hang_up: bool = False

    @property
    def received(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=POLICY) for _, content in self.letters]

    @property
    def to(self) -> list[str]:
        return [address for address, _ in self.letters]

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's
        if self.rcpt_answer == YES:
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        if self.data_answer == YES:
            self.letters += [(address, envelope.content) for address in envelope.rcpt_tos]
        self.on_data()
        if self.hang_up:
            server.transport.abort()
        return self.data_answer

    async def handle_QUIT(self, _server, _session, _envelope) -> str:  # noqa: N802
        self.on_quit()
        return "221 Bye"


def _authenticate(_server, _session, _envelope, _mechanism, login) -> AuthResult:
    right = (login.login, login.password) == (b"aarshjul", b"riktig")
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False, login: bool = False
) -> Iterator[Mailbox]:
    """A running server; with `tls` it offers STARTTLS, or speaks TLS from the first byte."""
    box = Mailbox()
    options = {"tls_context": tls, "require_starttls": True} if tls and not implicit else {}
    if login:
        options |= {
            "auth_required": True,
            "authenticator": _authenticate,
            "auth_require_tls": not implicit,
        }
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> asyncio.Server:
        made = lambda: SMTP(box, hostname="post.example", loop=loop, **options)  # noqa: E731
        return await loop.create_server(made, "127.0.0.1", 0, ssl=tls if implicit else None)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # lets cancelled transports close
