"""API keys: made, found and taken back; only a hash is kept, and a key is shown once."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.tables import ApiKeyRow
from scheduler.ledger.runs import LedgerError

PREFIX = "aarshjul_"
NATIONAL = "national"
MAX_NAME = 80
# 256 bits: guessing is hopeless at any rate, so nothing counts guesses or locks anybody out.
SECRET_BYTES = 32
_FORM = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """Whom a key belongs to, and what it covers: a county's number, or "national" for all."""

    name: str
    scope: str

    def covers(self, scope: str) -> bool:
        """Whether the key may act for this county, or nationally."""
        return self.scope in {NATIONAL, scope}


def create(session: Session, name: str, scope: str, by: str, now: datetime) -> str:
    """A new key, as it is shown once; raises LedgerError when a live key has the name."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > MAX_NAME or not cleaned.isprintable():
        raise LedgerError(f"Navnet på nøkkelen må ha mellom 1 og {MAX_NAME} tegn som vises.")
    if _live(session, cleaned):
        raise LedgerError(f"En nøkkel heter alt «{cleaned}». Velg et annet navn, eller trekk den.")
    key = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        ApiKeyRow(sha256=_hash(key), name=cleaned, scope=scope, created_at=now, created_by=by)
    )
    session.flush()
    return key


def find(session: Session, key: str) -> Key | None:
    """Whose key it is; None for a word that is no key, an unknown key or one taken back."""
    if not _FORM.fullmatch(key):
        return None
    hashed = _hash(key)
    row = session.get(ApiKeyRow, hashed)
    # The index finds a hash, never the key; the comparison still takes equal time for all.
    if row is None or not hmac.compare_digest(row.sha256, hashed) or row.revoked_at:
        return None
    return Key(row.name, row.scope)


def revoke(session: Session, name: str, by: str, now: datetime) -> None:
    """Take a key back, from this instant; raises LedgerError when no live key has the name."""
    row = _live(session, name)
    if row is None:
        raise LedgerError(f"Ingen gyldig nøkkel heter «{name}». `aarshjul keys list` viser dem.")
    row.revoked_at, row.revoked_by = now, by


def listed(session: Session) -> Sequence[ApiKeyRow]:
    """Every key ever made, oldest first."""
    return session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at, ApiKeyRow.name)).all()


def _live(session: Session, name: str) -> ApiKeyRow | None:
    query = select(ApiKeyRow).where(ApiKeyRow.name == name, ApiKeyRow.revoked_at.is_(None))
    return session.scalars(query.limit(1)).first()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
