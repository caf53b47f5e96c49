"""The register's schools: kept equal to the code list, touching only what differs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from jobs.codelists import schools
from jobs.register.tables import School

COLUMNS = {"navn": "skolenavn"}
NAMES = ("skolenummer", "navn", "fylkesnummer", "eierform", "organisasjonsnummer", "fra", "til")


def sync_schools(session: Session) -> int:
    """Add and correct schools from the code list; returns how many rows that touched."""
    listed = {row["skolenummer"]: _row(row) for row in schools().iter_rows(named=True)}
    held = {
        school.skolenummer: {name: getattr(school, name) for name in _row({})}
        for school in session.scalars(select(School))
    }
    new = [row for number, row in listed.items() if number not in held]
    changed = [row for number, row in listed.items() if held.get(number, row) != row]
    if new:
        session.execute(insert(School), new)
    if changed:
        session.execute(update(School), changed)
    return len(new) + len(changed)


def _row(listed: Mapping[str, Any]) -> dict[str, Any]:
    """A code list's row under the register's column names."""
    return {COLUMNS.get(name, name): listed.get(name) for name in NAMES}
