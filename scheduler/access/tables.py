"""The tables of access: feed tokens and API keys, kept as hashes, senders' keys, people's accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
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


class AccountRow(LedgerBase):
    """A person who signs in, with a password here or at a provider; disabled, never deleted.

    `name` is the actor in the decision log, which many can read: unique, and for a provider's
    account a fingerprint; `shown` is the person's own name, for the person and the list of accounts.
    `provider` is "local" or the id of a provider in the sign-in file, and `subject` the SHA-256 of
    what that provider calls the person, so that no identity number is ever kept; for a local account
    it is the name. `password` is an argon2 hash, "" for a provider's account.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("provider", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    provider: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    password: Mapped[str] = mapped_column(Text, default="")
    shown: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str] = mapped_column(String(80), default="")


class GrantRow(LedgerBase):
    """A role an account has or had; taken back, never deleted.

    `county` is "" for a role of the whole country. `source` is "" when a person gave it, else the
    provider whose claims gave it; only what a provider gave does a provider take back.
    """

    __tablename__ = "account_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    county: Mapped[str] = mapped_column(String(8), default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(80))
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str] = mapped_column(String(80), default="")


class SignInRow(LedgerBase):
    """A signed-in browser, by the SHA-256 of the word in its cookie; ended at sign-out."""

    __tablename__ = "sign_in"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PersonReadRow(LedgerBase):
    """One person, shown once to somebody: who saw whom, on which page, for which purpose, and when.

    The database refuses to change a row, and to remove one that no PersonReadPurgeRow lets go. `person_id` is the register's own number, which the
    row outlives when two people turn out to be one.
    """

    __tablename__ = "person_read"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    actor: Mapped[str] = mapped_column(String(80))
    county: Mapped[str] = mapped_column(String(8))
    page: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(BigInteger, index=True)


class PersonReadPurgeRow(LedgerBase):
    """That reads from before an instant (the beginning of a day in Norway) were removed, and how many.

    The database refuses to change or remove a row.
    """

    __tablename__ = "person_read_purge"

    older_than: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    removed: Mapped[int]
