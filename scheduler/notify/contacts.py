"""Contacts: role addresses, added one by one or from a file, and never deleted.

A contact that is removed is only switched off: what was sent to it stays explained.
"""

import base64
import csv
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.words import nearest
from scheduler.ledger.runs import LedgerError
from scheduler.notify.address import AddressError, checked
from scheduler.notify.directory import LEVELS, Contact, read_directory
from scheduler.notify.ladder import COORDINATOR as COORDINATOR_LEVEL
from scheduler.notify.roles import COORDINATOR, Place, deliverers, reminders_of
from scheduler.notify.tables import ContactRow

CHANNELS = ("email", "teams", "webhook")
NATIONAL_WORD = "nasjonal"
COLUMNS = ("fylke", "rolle", "nivå", "kanal", "adresse")
SECRET_BYTES = 24
MOST_FAULTS = 20


class ContactError(LedgerError):
    """A contact is wrong; the message says what, and for a file on which lines."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact as somebody wrote it; `scope` is a county number or "national"."""

    scope: str
    role: str
    level: int
    channel: str
    address: str


def add(session: Session, calendar: Calendar, entry: Entry, now: datetime) -> ContactRow:
    """Add a contact, or switch one on again; raises ContactError that says what is wrong.

    A webhook gets a secret of its own, which is shown to the one who adds it.
    """
    entry = _checked(calendar, entry)
    query = select(ContactRow).filter_by(
        scope=entry.scope,
        role=entry.role,
        level=entry.level,
        channel=entry.channel,
        address=entry.address,
    )
    row = session.scalar(query)
    if row is None:
        row = ContactRow(
            scope=entry.scope,
            role=entry.role,
            level=entry.level,
            channel=entry.channel,
            address=entry.address,
            secret=_secret() if entry.channel == "webhook" else "",
            created_at=now,
        )
        session.add(row)
    row.active = True
    session.flush()
    return row


def remove(session: Session, number: int) -> ContactRow:
    """Switch a contact off; raises ContactError when there is none of that number."""
    row = session.get(ContactRow, number)
    if row is None:
        raise ContactError(f"Fant ingen kontakt {number}. `aarshjul contacts list` viser numrene.")
    row.active = False
    return row


def listed(session: Session, scope: str | None = None) -> list[ContactRow]:
    """The active contacts, by scope, role and level."""
    query = select(ContactRow).where(ContactRow.active)
    if scope:
        query = query.where(ContactRow.scope == scope)
    order = (ContactRow.scope, ContactRow.role, ContactRow.level, ContactRow.id)
    return list(session.scalars(query.order_by(*order)))


def recipients(session: Session, scope: str, role: str, level: int) -> tuple[Contact, ...]:
    """Those of a role at a level, or of the nearest level above that has anybody."""
    return read_directory(session).reached((scope, role), level)


def gaps(session: Session, calendar: Calendar) -> list[Place]:
    """The roles that must deliver something and have nobody at level 1."""
    directory = read_directory(session)
    needed = {
        place
        for row in calendar.deliverables.values()
        if reminders_of(row) != "none"
        for scope in ([NATIONAL] if row.scope is Scope.NATIONAL else calendar.counties)
        for place in deliverers(calendar, row, scope)
    }
    return sorted(place for place in needed if not directory.at(place, 1))


def import_csv(session: Session, calendar: Calendar, text: str, now: datetime) -> int:
    """Add every contact of a file, or none; returns how many lines it held.

    Columns fylke, rolle, nivå, kanal, adresse, with a header, separated by comma or semicolon.
    Raises ContactError with every fault and its line.
    """
    entries, faults = [], []
    for line, fields in _lines(text):
        try:
            entries.append(_checked(calendar, _read(fields)))
        except ContactError as error:
            faults.append(f"linje {line}: {error}")
    if faults:
        rest = [f"og {len(faults) - MOST_FAULTS} til"] if len(faults) > MOST_FAULTS else []
        raise ContactError("\n".join([*faults[:MOST_FAULTS], *rest]))
    for entry in entries:
        add(session, calendar, entry, now)
    return len(entries)


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    header, _, _ = text.lstrip("\ufeff").partition("\n")
    reader = csv.reader(
        io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";" if ";" in header else ","
    )
    columns = [name.strip().lower() for name in next(reader, [])]
    if set(columns) != set(COLUMNS):
        raise ContactError(f"linje 1: kolonnene må være {', '.join(COLUMNS)}.")
    for fields in reader:
        if fields:
            padded = [*fields, *[""] * (len(columns) - len(fields))]
            yield reader.line_num, dict(zip(columns, padded, strict=False))


def _read(fields: dict[str, str]) -> Entry:
    level = fields["nivå"].strip()
    if level not in {str(number) for number in LEVELS}:
        raise ContactError(f"Nivået «{level}» finnes ikke. {_levels()}")
    scope = fields["fylke"].strip()
    # The address is checked as it stands: a newline in it is a fault, not something to tidy away.
    return Entry(
        NATIONAL if scope == NATIONAL_WORD else scope,
        fields["rolle"].strip(),
        int(level),
        fields["kanal"].strip(),
        fields["adresse"].strip(" \t"),
    )


def _checked(calendar: Calendar, entry: Entry) -> Entry:
    """The entry with its address in its proper form."""
    if entry.scope != NATIONAL and entry.scope not in calendar.counties:
        known = nearest(entry.scope, calendar.counties)
        raise ContactError(
            f"Fylket «{entry.scope}» finnes ikke. Skriv fylkesnummeret, eller «nasjonal».{known}"
        )
    if entry.channel not in CHANNELS:
        raise ContactError(
            f"Kanalen «{entry.channel}» finnes ikke.{nearest(entry.channel, CHANNELS)}"
        )
    _check_role(calendar, entry)
    try:
        address = checked(entry.channel, entry.address)
    except AddressError as error:
        raise ContactError(str(error)) from error
    return Entry(entry.scope, entry.role, entry.level, entry.channel, address)


def _check_role(calendar: Calendar, entry: Entry) -> None:
    coordinates = entry.role == COORDINATOR
    if coordinates != (entry.level == COORDINATOR_LEVEL) or (
        coordinates and entry.scope != NATIONAL
    ):
        raise ContactError(
            "Nivå 4 er den nasjonale koordinatoren: fylke «nasjonal», rolle «koordinator», nivå 4."
        )
    if entry.level not in LEVELS:
        raise ContactError(f"Nivået «{entry.level}» finnes ikke. {_levels()}")
    if coordinates:
        return
    audience = calendar.audiences.get(entry.role)
    if audience is None:
        advice = nearest(entry.role, [*calendar.audiences, COORDINATOR])
        raise ContactError(f"Rollen «{entry.role}» finnes ikke.{advice}")
    if (audience.scope is Scope.NATIONAL) != (entry.scope == NATIONAL):
        where = "«nasjonal»" if audience.scope is Scope.NATIONAL else "et fylkesnummer"
        raise ContactError(f"Rollen «{entry.role}» må ha {where} som fylke.")


def _levels() -> str:
    return "Skriv " + ", ".join(f"{number} ({word})" for number, word in LEVELS.items()) + "."


def _secret() -> str:
    """A signing key as the Standard Webhooks specification writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
