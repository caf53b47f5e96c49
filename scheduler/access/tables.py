"""The tables of access: feed tokens and API keys, kept as hashes, and senders' public keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.ledger.tables import LedgerBase


class FeedTokenRow(LedgerBase):
    """A feed address of one's own that can be taken back; `selection` is what it shows.

    `sha256` is of the token, which is shown once. `selection`: fylke, omrade, rolle, frist.
    """

    __tablename__ = "feed_token"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    selection: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(80), default="")


class ApiKeyRow(LedgerBase):
    """A key to the parts of the API that change something; `scope` is a county or "national"."""

    __tablename__ = "api_key"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(80), default="")


class SenderRow(LedgerBase):
    """An SFTP account: whoever holds the private key delivers for `scope`, a county or "national"."""

    __tablename__ = "sender_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(8))
    public_key: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(80), default="")
