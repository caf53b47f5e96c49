"""Trial: a test message to a contact, which counts when a person says that it arrived.

That a receiver took a message does not mean that anybody saw it: a workflow of Teams answers
"accepted" and fails afterwards.
"""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.runs import LedgerError
from scheduler.notify.directory import Contact
from scheduler.notify.letter import Errand, Letter, message
from scheduler.notify.outbox import queue
from scheduler.notify.tables import ContactRow

CODE_DIGITS = 6
WHY = "Den som setter opp kontakter i Årshjulet, ba om en prøve til denne adressen."


def order(session: Session, number: int, public_url: str, now: datetime) -> str:
    """Queue a test to a contact and forget what it confirmed before; returns the message's id."""
    row = contact_row(session, number)
    if not row.active:
        raise LedgerError(f"Kontakt {number} er tatt ut av bruk. Legg den til på nytt først.")
    row.test_code, row.confirmed_at = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}", None
    errand = Errand(f"test/{now.isoformat()}", "test", (row.scope, row.role), "test")
    page = f"{public_url}/bekreft/{row.token}?kode={row.test_code}"
    test = message(errand, _letter(row.test_code, page), Contact.of(row), now, {})
    queue(session, test)
    return test.id


def confirm(session: Session, number: int, code: str, now: datetime) -> ContactRow:
    """A person says that the test arrived; raises LedgerError for another code than the last."""
    row = contact_row(session, number)
    if not row.test_code:
        raise LedgerError(
            f"Kontakt {number} venter ikke på noen bekreftelse. "
            f"Send en prøve først: `aarshjul messages test {number}`."
        )
    if not secrets.compare_digest(row.test_code.encode(), code.strip().encode()):
        raise LedgerError("Koden er feil. Bruk koden i den siste prøvemeldingen.")
    row.test_code, row.confirmed_at = "", now
    return row


def contact_row(session: Session, number: int) -> ContactRow:
    row = session.get(ContactRow, number)
    if row is None:
        raise LedgerError(f"Fant ingen kontakt {number}. `aarshjul contacts list` viser numrene.")
    return row


def contact_of_token(session: Session, token: str) -> ContactRow | None:
    return session.scalar(select(ContactRow).where(ContactRow.token == token))


def standing(row: ContactRow) -> str:
    """What is known of whether messages arrive: "bekreftet", "sendt, ikke bekreftet", "ikke prøvd"."""
    if row.confirmed_at:
        return "bekreftet"
    return "sendt, ikke bekreftet" if row.test_code else "ikke prøvd"


def _letter(code: str, page: str) -> Letter:
    return Letter(
        subject=f"Prøve fra Årshjulet, kode {code}",
        heading="Dette er en prøve",
        paragraphs=(
            f"Kom denne meldingen fram dit den skal? Bekreft det på siden under. Koden er {code}.",
            "Meldingen gjelder ingen frist.",
        ),
        sections=(),
        links=(("Bekreft at prøven kom fram", page),),
        why=WHY,
    )
