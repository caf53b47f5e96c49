"""On disk: how calendar.yaml as a node has it stands to the version in use, which always holds.

A file that says what an earlier version said is old, and what is saved on top of it would take back
what was published since. Neither is taken into use by itself.
"""

import hashlib
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import CalendarError
from scheduler.calendar.loading import read_text
from scheduler.ledger.history import newest_version
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import CalendarVersion


class OnDisk(StrEnum):
    """What stands in the file: the version in use, an earlier one, an edit, or nothing that is read."""

    IN_USE = "in-use"
    OLDER = "older"
    EDITED = "edited"
    UNREADABLE = "unreadable"


def on_disk(session: Session, path: Path) -> OnDisk:
    """What stands in a node's file, held against what has been published."""
    try:
        text = read_text(path)
    except CalendarError:
        return OnDisk.UNREADABLE
    newest = newest_version(session)
    if newest is not None and newest.text == text:
        return OnDisk.IN_USE
    return OnDisk.OLDER if was_published(session, text) else OnDisk.EDITED


def was_published(session: Session, text: str) -> bool:
    """Whether any version, in use or earlier, had this text."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    query = select(CalendarVersion.number).where(CalendarVersion.sha256 == sha256)
    return session.scalar(query.limit(1)) is not None


def refuse_old(session: Session, text: str) -> None:
    """Raise LedgerError for the text of an earlier version, which only a person may bring back."""
    newest = newest_version(session)
    if newest is not None and newest.text != text and was_published(session, text):
        raise LedgerError(f"calendar.yaml er ikke tatt i bruk: {is_old(newest.number)}")


def is_old(number: int) -> str:
    """What waits when a file is older than version `number`, and the two ways on."""
    return (
        f"filen bygger på en eldre utgave enn versjon {number}, som er i bruk. "
        "Kjør `aarshjul calendar fetch` for å hente den, "
        "eller `aarshjul calendar publish` for å ta filen i bruk likevel."
    )
