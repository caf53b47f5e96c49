"""Feed token: an address of one's own for a selection of deadlines, which can be taken back.

Only the token's hash is kept, so a token that is lost cannot be found again, only replaced.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.tables import FeedTokenRow

TOKEN_BYTES = 32
LONGEST_NAME = 80
Selected = Mapping[str, Sequence[str]]


class FeedTokenError(Exception):
    """A token that cannot be made or taken back, and why, in a Norwegian sentence."""


def fingerprint(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(session: Session, name: str, selection: Selected, by: str, now: datetime) -> str:
    """A new token for `selection` (fylke, omrade, rolle, frist -> values); shown only now.

    Raises FeedTokenError for a name that is empty, too long or in use by a token that holds.
    """
    wanted = " ".join(name.split())
    if not 1 <= len(wanted) <= LONGEST_NAME or not wanted.isprintable():
        raise FeedTokenError(f"Navnet må ha mellom 1 og {LONGEST_NAME} tegn som vises.")
    if _holding(session, wanted) is not None:
        raise FeedTokenError(
            f"«{wanted}» har allerede en adresse. Trekk den tilbake først, eller velg et annet navn."
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        FeedTokenRow(
            sha256=fingerprint(token),
            name=wanted,
            selection={word: sorted(set(values)) for word, values in selection.items() if values},
            created_at=now,
            created_by=by,
        )
    )
    session.flush()
    return token


def revoke(session: Session, name: str, by: str, now: datetime) -> FeedTokenRow:
    """Take back the token of that name; raises FeedTokenError when none of that name holds."""
    found = _holding(session, " ".join(name.split()))
    if found is None:
        raise FeedTokenError(f"Det finnes ingen adresse med navnet «{name}» som gjelder nå.")
    found.revoked_at, found.revoked_by = now, by
    session.flush()
    return found


def tokens(session: Session) -> Sequence[FeedTokenRow]:
    """Every token, also those taken back, oldest first."""
    oldest = select(FeedTokenRow).order_by(FeedTokenRow.created_at, FeedTokenRow.sha256)
    return session.scalars(oldest).all()


def register(session: Session) -> dict[str, dict[str, Any]]:
    """Hash -> name, selection and whether it is taken back: all the site needs to answer."""
    return {
        row.sha256: {
            "name": row.name,
            "selection": row.selection,
            "revoked": row.revoked_at is not None,
        }
        for row in tokens(session)
    }


def _holding(session: Session, name: str) -> FeedTokenRow | None:
    holding = FeedTokenRow.name == name, FeedTokenRow.revoked_at.is_(None)
    return session.scalar(select(FeedTokenRow).where(*holding))
