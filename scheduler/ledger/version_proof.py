"""Version proof: every row stands as the calendar version that last changed it left it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar.diff import DAYS
from scheduler.ledger.findings import Finding, Sort
from scheduler.ledger.history import WITHDRAWN, restored
from scheduler.ledger.tables import ChangeRow, OccurrenceRow

Versions = Mapping[str, tuple[int, OccurrenceRow]]
"""Occurrence key -> the version that last changed it, and the row as that left it."""

SEEN = (*DAYS, "date_status")
RESTORE = "Hent raden fra sikkerhetskopi, eller publiser kalenderen på nytt."


def last_versions(session: Session) -> Versions:
    """The newest change of every row; most of the bytes of the ledger, so not for every tick."""
    newest = select(func.max(ChangeRow.id)).group_by(ChangeRow.occurrence_key)
    query = select(ChangeRow.occurrence_key, ChangeRow.version, ChangeRow.after)
    found = session.execute(query.where(ChangeRow.id.in_(newest)))
    return {key: (version, restored(key, after)) for key, version, after in found if after}


def of_versions(rows: Mapping[str, Any], versions: Versions) -> Iterator[Finding]:
    """Rows and what was written down of them, also of school years that are over."""
    for key, (version, left) in versions.items():
        row = rows.get(key)
        if row is None:
            said = f"Raden er borte, men ble sist skrevet av versjon {version} av kalenderen."
            yield Finding(Sort.MISSING, key, f"{said} {RESTORE}")
        elif row.outcome == WITHDRAWN != left.outcome:
            said = "Raden er trukket tilbake, men ingen endring av kalenderen gjorde det."
            yield Finding(Sort.DIFFERS, key, f"{said} {RESTORE}")
        elif names := [name for name in SEEN if getattr(row, name) != getattr(left, name)]:
            said = f"Raden har andre datoer enn versjon {version}, som sist endret den"
            yield Finding(Sort.DIFFERS, key, f"{said} ({', '.join(names)}). {RESTORE}")
