"""A receiver's list about a delivery that was sent: one line that is open."""

from sqlalchemy.orm import Session

from jobs.register.feedback import Feedback
from jobs.register.tables import Delivery, Outbound
from tests.web.cards_seeded import LATER

COUNT = "ssbElev/2026-10-01"


def listed(session: Session, outbound: Outbound) -> str:
    """Take in a list of one line about what was sent; the line's address on the site."""
    key = outbound.occurrence_key
    outbound.speaks_for = f"{COUNT}/{key.rpartition('/')[2]}"
    taken = Delivery(
        sha256="1f2e" * 16,
        sender=key.rpartition("/")[2],
        deliverable=key.partition("/")[0],
        file_name="liste.csv",
        archived_as="arkiv/liste.csv",
        bytes=10,
        received_at=LATER,
        state="loaded",
        rows=1,
    )
    session.add_all([outbound, taken])
    session.flush()
    line = Feedback(
        delivery_id=taken.id,
        linje=2,
        outbound_id=outbound.id,
        speaks_for=outbound.speaks_for,
        fil="ssbElev",
        nokkel=["x"],
        rad_sha256="0" * 64,
        felt="startdato",
        kode="A12",
        melding="Datoen er etter sluttdatoen.",
        taken_at=LATER,
    )
    session.add(line)
    return f"/tilbakemelding/{key}/{taken.id}/{line.linje}"
