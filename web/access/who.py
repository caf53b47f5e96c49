"""Who: the person signed in with this request, kept as a word in the session and a row in the ledger."""

from flask import g, session
from sqlalchemy.orm import Session

from scheduler.access import sign_ins
from scheduler.access.roles import Person
from scheduler.ledger.database import reading
from web.site import site

WORD = "sign_in"


def me() -> Person | None:
    """Who is signed in, found once a request by `look`; None for a stranger."""
    found: Person | None = g.get("person")
    return found


def look() -> None:
    """Find out who asks. Without the cookie nothing is read, so a stranger costs no query."""
    g.person = None
    word = session.get(WORD)
    if word is None:
        return
    now = site().clock()
    with reading(site().engine) as ledger:
        found = sign_ins.person_of(ledger, word, now)
    if found is None:
        session.pop(WORD)
        return
    g.person, seen_at = found
    if now - seen_at > sign_ins.NOTED:
        with Session(site().engine) as ledger, ledger.begin():
            sign_ins.note(ledger, word, now)


def sign_in(ledger: Session, account_id: int) -> None:
    """Sign in this browser under a new word and with a new session: one that was planted is worth nothing."""
    word = session.get(WORD)
    if word is not None:
        sign_ins.end(ledger, word, site().clock())
    session.clear()
    session[WORD] = sign_ins.begin(ledger, account_id, site().clock())


def sign_out() -> None:
    """Sign out this browser; its cookie is worth nothing afterwards, wherever it was copied to."""
    word = session.get(WORD)
    if word is not None:
        with Session(site().engine) as ledger, ledger.begin():
            sign_ins.end(ledger, word, site().clock())
    session.clear()
    g.person = None
