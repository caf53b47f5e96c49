"""Number changes: a file of earlier and present identity numbers, taken in on a person's word.

A line is `gammelt;nytt;dato` (ÅÅÅÅ-MM-DD). All lines hold or none; the file is archived as a delivery.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.identity import Kind, classify
from jobs.imports.hand_file import DATE_FORM, archive, day_of, read_rows
from jobs.imports.lines import FileFault
from jobs.imports.load import wait_for_other_loads
from jobs.register.renumber import Change, Decision, RenumberError, renumber

DELIVERABLE = "reg-nummerendring"
SENDER = "national"
COLUMNS = ("gammelt", "nytt", "dato")


def take_in(
    engine: Engine,
    data_dir: Path,
    file: Path,
    actor: str,
    why: str,
    now: datetime,
    accept: frozenset[Kind],
) -> Counter[str]:
    """Make every change in the file; returns how many were renumbered, merged and unchanged.

    Raises FileFault, naming lines and never numbers, and then nothing has changed.
    """
    changes = list(_read(file, now.date(), accept))
    with Session(engine) as session, session.begin():
        wait_for_other_loads(session.connection())
        delivery = archive(session, data_dir, file, (SENDER, DELIVERABLE), len(changes), now)
        done = _make(session, changes, Decision(delivery.id, actor, why, now))
        delivery.counts = dict(done)
    return done


def _make(session: Session, changes: list[tuple[int, Change]], decision: Decision) -> Counter[str]:
    done: Counter[str] = Counter()
    for line, change in changes:
        try:
            done[renumber(session.connection(), change, decision)] += 1
        except RenumberError as error:
            raise FileFault((line, str(error))) from None
    return done


def _read(file: Path, today: date, accept: frozenset[Kind]) -> Iterator[tuple[int, Change]]:
    rows = read_rows(file, COLUMNS)
    if faults := [(line, fault) for line, row in rows if (fault := _fault(row, today, accept))]:
        raise FileFault(*faults)
    for line, (old, new, day) in rows:
        yield line, Change(old, new, date.fromisoformat(day))


def _fault(row: list[str], today: date, accept: frozenset[Kind]) -> str:
    old, new, written = row
    for name, number in (("tidligere", old), ("nye", new)):
        if classify(number, today).kind not in accept:
            return f"Det {name} nummeret holder ikke, eller slaget er ikke tillatt her. Rett det."
    if old == new:
        return "Det tidligere og det nye nummeret er det samme. Fjern linjen."
    day = day_of(written)
    if day is None:
        return DATE_FORM
    return "Datoen ligger fram i tid. Rett den." if day > today else ""
