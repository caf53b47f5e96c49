"""Warnings: a school year that nobody has approved, told while there is time."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import NATIONAL
from scheduler.notify.directory import LEVELS, Contact
from scheduler.notify.letter import Errand, Letter, message
from scheduler.notify.outbox import queue
from scheduler.notify.roles import COORDINATOR
from scheduler.notify.tables import ContactRow
from scheduler.notify.wording import link

# From this many days before the year begins, all national contacts are told, not one alone.
EVERYONE_FROM = 30


def warn(session: Session, steps: Iterable[tuple[str, int]], now: datetime) -> int:
    """Tell of unapproved school years: (cycle, days left of 90, 30, 0); returns messages queued.

    Only the newest step of a year is told, once; a later call with the same steps queues nothing.
    """
    newest: dict[str, int] = {}
    for cycle, days in steps:
        newest[cycle] = min(days, newest.get(cycle, days))
    return sum(
        queue(
            session, message(_errand(cycle, days), _letter(cycle, days, contact), contact, now, {})
        )
        for cycle, days in newest.items()
        for contact in _told(session, days)
    )


def _told(session: Session, days: int) -> list[Contact]:
    query = select(ContactRow).where(ContactRow.active, ContactRow.scope == NATIONAL)
    if days > EVERYONE_FROM:
        query = query.where(ContactRow.role == COORDINATOR)
    return [Contact.of(row) for row in session.scalars(query.order_by(ContactRow.id))]


def _errand(cycle: str, days: int) -> Errand:
    made = f"advarsel/{cycle}/{days}"
    return Errand(made, "warning", (NATIONAL, COORDINATOR), "cycle.unapproved", f"advarsel/{cycle}")


def _letter(cycle: str, days: int, contact: Contact) -> Letter:
    year = cycle.replace("-", "–")
    left = f"Om {days} dager begynner" if days else "Nå begynner"
    return Letter(
        subject=f"{left} skoleåret {year}: datoene er ikke godkjent",
        heading=f"Skoleåret {year} er ikke godkjent",
        paragraphs=(
            (
                f"{left} skoleåret {year}. To personer må godkjenne datoene; før det er gjort, starter "
                "tjenesten ingenting av seg selv i det skoleåret."
            ),
            f"Godkjenn med: aarshjul calendar approve {cycle} --by ROLLE",
        ),
        sections=(),
        links=(("Se skoleåret", link(f"/skolear/{cycle}")),),
        why=f"Du får denne meldingen fordi adressen står som {LEVELS[contact.level]} nasjonalt.",
    )
