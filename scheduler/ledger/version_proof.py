"""Version proof: every row stands as the calendar version that last changed it left it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar.diff import dates_that_differ
from scheduler.ledger.findings import Finding, Sort
from scheduler.ledger.history import WITHDRAWN, Left, left
from scheduler.ledger.tables import ChangeRow

Versions = Mapping[str, tuple[int, Left]]
"""Occurrence key -> the version that last changed it, and the row's dates as that left them."""

RESTORE = "Hent raden fra sikkerhetskopi, eller publiser kalenderen på nytt."


def last_versions(session: Session) -> Versions:
    """The newest change of every row; most of the bytes of the ledger, so not for every tick."""
    newest = select(func.max(ChangeRow.id)).group_by(ChangeRow.occurrence_key)
    query = select(ChangeRow.occurrence_key, ChangeRow.version, ChangeRow.after)
    found = session.execute(query.where(ChangeRow.id.in_(newest)))
    return {key: (version, left(after)) for key, version, after in found if after}


@dataclass
class LastVersions:
    """The same, read again only when there are other changes than last time: they are only added."""

    _count: tuple[int, int] | None = None
    _found: Versions = field(default_factory=dict)

    def __call__(self, session: Session) -> Versions:
        numbers = func.count(ChangeRow.id), func.coalesce(func.max(ChangeRow.id), 0)
        count, newest = session.execute(select(*numbers)).one()
        if self._count != (count, newest):
            self._found, self._count = last_versions(session), (count, newest)
        return self._found


def of_versions(rows: Mapping[str, Any], versions: Versions) -> Iterator[Finding]:
    """Rows and what was written down of them, also of school years that are over."""
    for key, (version, then) in versions.items():
        row = rows.get(key)
        if row is None:
            said = f"Raden er borte, men ble sist skrevet av versjon {version} av kalenderen."
            yield Finding(Sort.MISSING, key, f"{said} {RESTORE}")
        elif row.outcome == WITHDRAWN != then.outcome:
            said = "Raden er trukket tilbake, men ingen endring av kalenderen gjorde det."
            yield Finding(Sort.DIFFERS, key, f"{said} {RESTORE}")
        elif names := dates_that_differ(row, then):
            said = f"Raden har andre datoer enn versjon {version}, som sist endret den"
            yield Finding(Sort.DIFFERS, key, f"{said} ({', '.join(names)}). {RESTORE}")
