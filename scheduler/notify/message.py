"""Message: what one address is told, before it is queued; the outbox owns what becomes of it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DIGEST_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Message:
    """The content of one message; the fields are those of `MessageRow`, explained there.

    `id` says what the message is about and to whom, never when it was made: the same id is the same
    message, and is queued once. `payload` is the data of a Teams card or a webhook:
    {"type": "deadline.moved", "facts": [[name, value], …], "url": str, …}, each part optional.
    `not_before` is the instant from which it may be sent.
    """

    id: str
    kind: str
    contact_id: int
    scope: str
    role: str
    channel: str
    address: str
    subject: str
    text: str
    not_before: datetime
    html: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    thread: str = ""
    steps: list[Any] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return digest(self.id)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as a channel gets it: with what belongs to its contact and its thread.

    `secret` signs a webhook. `answers` is the id of the thread's first message, "" when this is it.
    `unsubscribe` is the address that ends single reminders, "" for a message that has none.
    """

    message: Message
    secret: str = ""
    answers: str = ""
    unsubscribe: str = ""


def digest(message_id: str) -> str:
    """A message id as 32 hexadecimal digits, for where its own signs are not allowed."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:DIGEST_DIGITS]
