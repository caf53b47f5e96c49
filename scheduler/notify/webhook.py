"""Webhook: a signed call to a county's own system, and the guarded client that Teams uses too.

The client connects to an address that was checked, follows no redirect, and gives up after a total
time, also with a server that answers one byte at a time.
"""

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError

from scheduler.notify.faults import GoneFault, PermanentFault, TransientFault, UnansweredFault
from scheduler.notify.message import Envelope, Message
from scheduler.notify.target import Target, target_of
from scheduler.settings import Network

DEADLINE_SECONDS = 10.0
MOST_BYTES = 64 << 10
MOST_WORDS = 200
# 24 to 64 bytes, by the specification; the library would take anything.
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,86}={0,2}")
BAD = 400
GONE = 410
# What may be better later; every other answer below 500 says that the call itself is wrong.
LATER = (408, 409, 425, 429)
BROKEN = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; `text` is the beginning of a refusal's body, "" for a success."""

    status: int
    location: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Sends by the Standard Webhooks specification; the same message always has the same id."""

    networks: tuple[Network, ...] = ()
    seconds: float = DEADLINE_SECONDS

    def send(self, envelope: Envelope, now: datetime) -> None:
        message = envelope.message
        body = json.dumps(content(message), ensure_ascii=False, separators=(",", ":"))
        headers = signed(envelope.secret, f"msg_{message.digest}", body, now)
        try:
            answer = post(message.address, body.encode(), headers, self.networks, self.seconds)
        except UnansweredFault as error:
            # The receiver knows the id again, so a second call is not a second message.
            raise TransientFault(str(error)) from error
        judge(answer)


def content(message: Message) -> dict[str, Any]:
    """What a webhook's body says: the same for every attempt."""
    data = {name: value for name, value in message.payload.items() if name != "type"}
    return {
        "type": message.payload.get("type", message.kind),
        "timestamp": message.not_before.astimezone(UTC).isoformat(),
        "data": {
            "id": message.id,
            "scope": message.scope,
            "role": message.role,
            "subject": message.subject,
            "text": message.text,
            **data,
        },
    }


def signed(secret: str, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The headers of one attempt; raises PermanentFault for a secret that is none."""
    if not SECRET.fullmatch(secret):
        raise PermanentFault("Kontakten mangler en gyldig hemmelighet. Legg den til på nytt.")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now.astimezone(UTC), body),
    }


def judge(answer: Answer) -> None:
    """Return when the call was accepted; raise what else it means."""
    said = f"Svarte {answer.status}" + (f": {answer.text}" if answer.text else ".")
    if 200 <= answer.status < 300:  # noqa: PLR2004 - success, by HTTP
        return
    if answer.status < BAD:
        raise PermanentFault(
            f"Svarte {answer.status} og viste videre til «{answer.location}». "
            "Vi følger ingen videresending; sett opp den rette adressen."
        )
    if answer.status == GONE:
        raise GoneFault(said)
    if answer.status in LATER or answer.status >= BROKEN:
        raise TransientFault(said)
    raise PermanentFault(said)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    networks: tuple[Network, ...] = (),
    seconds: float = DEADLINE_SECONDS,
) -> Answer:
    """Post JSON to a checked address within `seconds` in all.

    Raises PermanentFault when the address may not be called, TransientFault when nothing was sent,
    UnansweredFault when it was and no answer came.
    """
    until = time.monotonic() + seconds
    target = target_of(url, networks)
    connection = _connected(target, until)
    cut = threading.Timer(max(until - time.monotonic(), 0), _cut, (connection.sock,))
    cut.start()
    try:
        return _exchange(connection, target, body, headers)
    except (HTTPError, http.client.HTTPException, OSError) as error:
        raise UnansweredFault(
            f"«{target.host}» svarte ikke som en nettjener innen {seconds:g} sekunder."
        ) from error
    finally:
        cut.cancel()
        cut.join()
        connection.close()


def _cut(sock: socket.socket) -> None:
    """End the conversation: whoever waits for a byte gets the end instead."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connected(target: Target, until: float) -> HTTPConnection:
    """A connection to the first address that takes it."""
    fault: Exception = TimeoutError()
    for address in target.addresses:
        # One part of the time left for connecting, one for agreeing on a key.
        connection = _connection(target, address, max((until - time.monotonic()) / 2, 0.001))
        try:
            connection.connect()
        except (HTTPError, OSError, CertificateError) as error:
            connection.close()
            fault = error
        else:
            return connection
    words = " ".join(str(fault).split())[:MOST_WORDS]
    raise TransientFault(f"Fikk ikke kontakt med «{target.host}»: {words}") from fault


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    if not target.secure:
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _exchange(
    connection: HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str]
) -> Answer:
    own = {
        "Host": target.host_header,
        "Content-Type": "application/json",
        "User-Agent": "aarshjul",
        "Connection": "close",
    }
    if connection.sock is not None:
        connection.sock.settimeout(None)  # the timer ends it
    connection.request(
        "POST",
        target.path,
        body=body,
        headers={**own, **headers},
        preload_content=False,
        decode_content=False,
    )
    response = connection.getresponse()
    with suppress(HTTPError, http.client.HTTPException, OSError):
        return Answer(
            response.status, _shown(response.headers.get("Location", "")), _said(response)
        )
    return Answer(response.status)


def _said(response: BaseHTTPResponse) -> str:
    if response.status < BAD:
        return ""
    return _shown(response.read(MOST_BYTES).decode("utf-8", errors="replace"))


def _shown(text: str) -> str:
    """Somebody else's text as part of a sentence of ours: on one line, and not long."""
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign.isprintable())[:MOST_WORDS]
