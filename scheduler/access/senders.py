"""Senders: SFTP accounts, each with one public key and one scope; made, found and taken back."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.tables import SenderRow
from scheduler.ledger.runs import LedgerError

# What every SFTP program can log in as.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}", re.ASCII)


def add(
    session: Session,
    name: str,
    scope: str,
    public_key: str,
    fingerprint: str,
    by: str,
    now: datetime,
) -> None:
    """A new account; raises LedgerError for a name that cannot be used or that a sender has."""
    if not _NAME.fullmatch(name):
        raise LedgerError(
            "Navnet på avsenderen må ha 1–32 tegn: små bokstaver a–z, tall, punktum, - og _."
        )
    if live(session, name):
        raise LedgerError(f"En avsender heter alt «{name}». Velg et annet navn, eller fjern den.")
    session.add(
        SenderRow(
            name=name,
            scope=scope,
            public_key=public_key,
            fingerprint=fingerprint,
            created_at=now,
            created_by=by,
        )
    )
    session.flush()


def live(session: Session, name: str) -> SenderRow | None:
    """The account of that name that is not taken back."""
    query = select(SenderRow).where(SenderRow.name == name, SenderRow.revoked_at.is_(None))
    return session.scalars(query.limit(1)).first()


def revoke(session: Session, name: str, by: str, now: datetime) -> None:
    """Take an account back; raises LedgerError when no live one has the name."""
    row = live(session, name)
    if row is None:
        raise LedgerError(f"Ingen avsender heter «{name}». `aarshjul senders list` viser dem.")
    row.revoked_at, row.revoked_by = now, by


def listed(session: Session) -> Sequence[SenderRow]:
    """Every account ever made, oldest first."""
    return session.scalars(select(SenderRow).order_by(SenderRow.id)).all()
