"""The tables of notify: who is told, what they are told, and what became of each message."""

import secrets
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.ledger.tables import LedgerBase


def new_token() -> str:
    """An address nobody can guess: 192 bits, 32 characters."""
    return secrets.token_urlsafe(24)


class ContactRow(LedgerBase):
    """Where a role in a county, or nationally, is reached: a role's address, never a person's name.

    `role` is an audience of calendar.yaml, or "koordinator" (the national coordinator). `level`:
    1 responsible, 2 deputy, 3 leader, 4 national coordinator. `channel`: email, teams, webhook.
    `secret` signs a webhook; it is shown once. `confirmed_at` is when a person confirmed a test.
    `test_code` is the code of a test that nobody has confirmed yet, else "". `token` opens the
    contact's own pages without signing in. `singles` False means the role asked for the Monday
    digest only.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("scope", "role", "level", "channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(8), index=True)
    role: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(default=1)
    channel: Mapped[str] = mapped_column(String(10), default="email")
    address: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(120), default="")
    singles: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    test_code: Mapped[str] = mapped_column(String(8), default="")
    token: Mapped[str] = mapped_column(String(64), unique=True, default=new_token)


class NoticeRow(LedgerBase):
    """What one version changed for one role in one county: told once, and to be acknowledged.

    `id` is "endring/<version>/<scope>/<role>". `token` opens its page without signing in; `level`
    is how far up it has escalated (1: nobody but the responsible has been asked).
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("version", "scope", "role"),)

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(ForeignKey("calendar_version.number"), index=True)
    scope: Mapped[str] = mapped_column(String(8), index=True)
    role: Mapped[str] = mapped_column(String(40))
    keys: Mapped[list[Any]]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    level: Mapped[int] = mapped_column(default=1)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(String(80), default="")


class SilenceRow(LedgerBase):
    """Append-only: a role is on the matter, or wants peace until a day; never silences what is late.

    `kind`: acknowledge ("vi er i gang", the ladder's next step is left out) or snooze (`until`).
    """

    __tablename__ = "silence"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_key: Mapped[str] = mapped_column(ForeignKey("occurrence.key"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    until: Mapped[date | None]
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class MessageRow(LedgerBase):
    """One message to one address; its id is why it can never be sent twice.

    `id` is "<what>/<...>/<contact id>", e.g. "purring/<key>/<due>/T-3/<role>/12": a deadline that moves
    has a new ladder. `state`: planned, sending
    (claimed: a crash here leaves it so), sent, unknown (we cannot tell; a person decides), failed
    (given up), withheld (no longer true when it was to go). `kind`: notice, reminder, digest,
    escalation, receipt, warning, test. `steps` is what the message stands for, for the audit trail.
    """

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(240), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    scope: Mapped[str] = mapped_column(String(8), index=True)
    role: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    thread: Mapped[str] = mapped_column(String(240), index=True, default="")
    steps: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), index=True, default="planned")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(index=True)
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(Text, default="")


# For what is asked of the table itself, past the session.
MESSAGES = cast(Table, MessageRow.__table__)
