"""Receipts: what is heard once when a county has nothing to report."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.words import day_and_date
from scheduler.ledger import runs
from scheduler.notify.directory import Contact, read_directory
from scheduler.notify.letter import Entry, Errand, Letter, Section, message
from scheduler.notify.matters import Matter, matters_of
from scheduler.notify.outbox import queue
from scheduler.notify.planned import why_you
from scheduler.notify.roles import role_name, scope_name
from scheduler.notify.wording import due_and_nominal, in_subject, link


def report_nothing(
    session: Session, calendar: Calendar, key: str, actor: str, reason: str, now: datetime
) -> int:
    """Settle an occurrence as nothing to report, and queue one receipt to each responsible contact.

    The reminders stop at once, also those queued and not sent. Returns the number of receipts;
    raises LedgerError when the occurrence is unknown or settled, or the reason is empty.
    """
    runs.report_nothing(session, key, actor, reason, now)
    session.flush()
    directory = read_directory(session)
    return sum(
        queue(session, message(_errand(matter), letter, contact, now, {"key": key}))
        for matter in matters_of(session, calendar, key)
        for contact in directory.reached(matter.place)
        for letter in [_letter(calendar, matter, contact, actor, reason, now)]
    )


def _errand(matter: Matter) -> Errand:
    made = f"ingenting/{matter.key}/{matter.place[1]}"
    return Errand(made, "receipt", matter.place, "deadline.nothing", matter.thread)


def _letter(
    calendar: Calendar, matter: Matter, contact: Contact, actor: str, reason: str, now: datetime
) -> Letter:
    scope, role = matter.place
    names = role_name(calendar, role), scope_name(calendar, scope)
    when = due_and_nominal(matter.due, matter.occurrence.nominal, matter.occurrence.clock_time)
    return Letter(
        subject=f"Ingenting å rapportere {in_subject(matter.due)}: {matter.name}",
        heading=f"{matter.name}: ingenting å rapportere",
        paragraphs=(
            f"Meldt {day_and_date(now.date())} av {actor}. Begrunnelse: {reason}",
            (
                "Det kommer ingen flere påminnelser om denne fristen. Er meldingen feil, send filen som "
                "vanlig, eller si fra til den som drifter tjenesten."
            ),
        ),
        sections=(Section("", (Entry(matter.name, (("Frist", when), ("Gjelder", names[1]))),)),),
        links=(("Se fristen", link(f"/forekomst/{matter.key}")),),
        why=why_you(contact, matter.place, *names, 1),
    )
