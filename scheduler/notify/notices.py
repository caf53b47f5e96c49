"""Notices: a version's changes told once to each role in each county, to be acknowledged."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, CalendarError, parse_calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.itself import NOTICES
from scheduler.ledger.runs import LedgerError, decide
from scheduler.ledger.tables import CalendarVersion, ChangeRow
from scheduler.notify.changes import Changed, entries, grouped, subject
from scheduler.notify.directory import Contact, Directory, read_directory
from scheduler.notify.escalation import announced_plan, outcomes_of
from scheduler.notify.letter import Errand, Letter, Section, message
from scheduler.notify.matters import WorkdaysIn, workdays_in
from scheduler.notify.message import Message
from scheduler.notify.outbox import queue
from scheduler.notify.planned import why_you
from scheduler.notify.roles import Place, role_name, scope_name, touched
from scheduler.notify.tables import NoticeRow
from scheduler.notify.wording import decided_by, link

TOKEN_BYTES = 32
LONGEST_NAME = 80
FEED = (
    "Abonnerer dere på kalenderen, viser den endringen av seg selv, på den samme hendelsen: en flyttet "
    "frist får ny dag, og en som er trukket tilbake, blir stående som avlyst."
)


def announce(
    session: Session,
    calendar: Calendar,
    version: CalendarVersion,
    changes: Sequence[ChangeRow],
    now: datetime,
) -> list[NoticeRow]:
    """Write one notice for each role in each scope that a version touches, and queue its messages.

    A role that a deadline had before the version is told as well as one it has after it. Returns
    the new notices; a second call for the same version writes none.
    """
    told = [row for row in changes if row.announced]
    outcomes = outcomes_of(session, {row.occurrence_key for row in told})
    directory, workdays = read_directory(session), workdays_in(calendar)
    notices = []
    for place, rows in sorted(_by_place(told, _calendars(session, calendar, version)).items()):
        notice = _new_notice(session, version, place, rows, now)
        if notice is None:
            continue
        notices.append(notice)
        listed = grouped(rows, outcomes)
        _tell(session, calendar, version, notice, listed, directory, workdays, now)
    return notices


def _calendars(session: Session, calendar: Calendar, version: CalendarVersion) -> list[Calendar]:
    """The calendar after a version and the one before it, which holds what was taken away.

    A text that an earlier release wrote, and this one cannot read, holds nobody's publishing up.
    """
    query = select(CalendarVersion.text).where(CalendarVersion.number < version.number)
    text = session.scalar(query.order_by(CalendarVersion.number.desc()).limit(1))
    try:
        return [calendar, *([parse_calendar(text, "calendar.yaml")] if text else [])]
    except CalendarError:
        return [calendar]


def _by_place(
    changes: Iterable[ChangeRow], calendars: Sequence[Calendar]
) -> dict[Place, list[ChangeRow]]:
    found: dict[Place, list[ChangeRow]] = defaultdict(list)
    for row in changes:
        name, _, _, scope = row.occurrence_key.split("/")
        rows = [(c, c.deliverables[name]) for c in calendars if name in c.deliverables]
        for place in {place for c, deliverable in rows for place in touched(c, deliverable, scope)}:
            found[place].append(row)
    return found


def _new_notice(
    session: Session,
    version: CalendarVersion,
    place: Place,
    rows: Sequence[ChangeRow],
    now: datetime,
) -> NoticeRow | None:
    scope, role = place
    notice = NoticeRow(
        id=f"endring/{version.number}/{scope}/{role}",
        version=version.number,
        scope=scope,
        role=role,
        keys=sorted(row.occurrence_key for row in rows),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        created_at=now,
    )
    if session.get(NoticeRow, notice.id) is not None:
        return None
    session.add(notice)
    session.flush()
    return notice


def _tell(
    session: Session,
    calendar: Calendar,
    version: CalendarVersion,
    notice: NoticeRow,
    changes: Sequence[Changed],
    directory: Directory,
    workdays: WorkdaysIn,
    now: datetime,
) -> None:
    place = (notice.scope, notice.role)
    contacts = directory.reached(place)
    if not contacts:
        nobody = f"Ingen kontakt for «{notice.role}» ({scope_name(calendar, notice.scope)})."
        decide(session, NOTICES, "no-contact", None, f"{notice.id}: {nobody}", now)
    plan = announced_plan(now, workdays(notice.scope, now.astimezone(OSLO).date()))
    for contact in contacts:
        queue(session, _message(calendar, version, notice, changes, contact, plan, now))


def _message(
    calendar: Calendar,
    version: CalendarVersion,
    notice: NoticeRow,
    changes: Sequence[Changed],
    contact: Contact,
    plan: str,
    now: datetime,
) -> Message:
    place = (notice.scope, notice.role)
    names = role_name(calendar, notice.role), scope_name(calendar, notice.scope)
    about = subject(changes)
    letter = Letter(
        subject=about,
        heading=about,
        paragraphs=(
            (
                f"Årshjulet har fått versjon {version.number}. Bestemt av: "
                f"{decided_by(version.published_by)}. Begrunnelse: {version.why or 'ikke oppgitt'}."
            ),
            FEED,
            f"Kvitter for at dere har sett endringen. {plan}",
        ),
        sections=(Section("", entries(calendar, changes, now.astimezone(OSLO).date())),),
        links=(
            ("Kvitter for at endringen er sett", link(f"/kvitter/{notice.token}")),
            ("Se hele endringen", link(f"/endringer/{version.number}")),
        ),
        why=f"{why_you(contact, place, *names, 1)} Varsler om endrede frister kan ikke skrus av.",
    )
    event = "deadline.withdrawn" if {c.kind for c in changes} == {"withdrawn"} else "deadline.moved"
    errand = Errand(notice.id, "notice", place, event, notice.id)
    return message(errand, letter, contact, now, {"notice": notice.id, "version": version.number})


def acknowledge(session: Session, token: str, by: str, now: datetime) -> NoticeRow:
    """Note that a role has seen a notice; the first word stands, and a second changes nothing.

    Raises LedgerError for a token of no notice and for a name that is empty or too long.
    """
    name = " ".join(by.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise LedgerError(f"Skriv hvem som kvitterer, med høyst {LONGEST_NAME} vanlige tegn.")
    found = session.scalar(select(NoticeRow.id).where(NoticeRow.token == token))
    if found is None:
        raise LedgerError(
            "Fant ikke noe varsel på denne adressen. Kopier hele lenken fra meldingen."
        )
    first = update(NoticeRow).where(NoticeRow.id == found, NoticeRow.acknowledged_at.is_(None))
    session.execute(first.values(acknowledged_at=now, acknowledged_by=name))
    return session.get_one(NoticeRow, found, populate_existing=True)
