"""Sign-ins: browsers that are signed in, known by a random word in a cookie, until one of four ends.

Out of use for IDLE, older than LONGEST, signed out, or the account's roles, password or standing changed.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from scheduler.access.roles import Grant, Person, Role
from scheduler.access.tables import AccountRow, GrantRow, SignInRow

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=10)
# Use is noted so seldom that a page seldom writes.
NOTED = timedelta(minutes=1)
WORD_BYTES = 32


def begin(session: Session, account_id: int, now: datetime) -> str:
    """A new sign-in's word, shown only now; those that are too old to hold are removed."""
    session.execute(delete(SignInRow).where(SignInRow.begun_at < now - LONGEST))
    word = secrets.token_urlsafe(WORD_BYTES)
    session.add(SignInRow(sha256=_hash(word), account_id=account_id, begun_at=now, seen_at=now))
    session.flush()
    return word


def person_of(session: Session, word: str, now: datetime) -> tuple[Person, datetime] | None:
    """Who is signed in with the word, with the roles of this instant, and when that was last noted."""
    query = (
        select(
            AccountRow.id,
            AccountRow.name,
            AccountRow.shown,
            SignInRow.seen_at,
            GrantRow.role,
            GrantRow.county,
        )
        .join(SignInRow, SignInRow.account_id == AccountRow.id)
        .outerjoin(GrantRow, (GrantRow.account_id == AccountRow.id) & GrantRow.taken_at.is_(None))
        .where(
            SignInRow.sha256 == _hash(word),
            SignInRow.ended_at.is_(None),
            SignInRow.begun_at > now - LONGEST,
            SignInRow.seen_at > now - IDLE,
            AccountRow.disabled_at.is_(None),
        )
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    grants = frozenset(Grant(Role(row.role), row.county) for row in rows if row.role)
    return Person(rows[0].id, rows[0].name, grants, rows[0].shown), rows[0].seen_at


def note(session: Session, word: str, now: datetime) -> None:
    """Write down that the sign-in is in use."""
    mine = SignInRow.sha256 == _hash(word), SignInRow.ended_at.is_(None)
    session.execute(update(SignInRow).where(*mine).values(seen_at=now))


def end(session: Session, word: str, now: datetime) -> None:
    """Sign out one browser."""
    mine = SignInRow.sha256 == _hash(word), SignInRow.ended_at.is_(None)
    session.execute(update(SignInRow).where(*mine).values(ended_at=now))


def end_all(session: Session, account_id: int, now: datetime) -> None:
    """Sign out every browser of an account."""
    theirs = SignInRow.account_id == account_id, SignInRow.ended_at.is_(None)
    session.execute(update(SignInRow).where(*theirs).values(ended_at=now))


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
