"""Number changes: a file of earlier and present identity numbers, taken in on a person's word.

A line is `gammelt;nytt;dato` (ÅÅÅÅ-MM-DD). All lines hold or none; the file is archived as a delivery.
"""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.channels.files import safe_name, sha256_of
from jobs.identity import Kind, classify
from jobs.imports.lines import FileFault
from jobs.imports.load import wait_for_other_loads
from jobs.register.renumber import Change, Decision, RenumberError, renumber
from jobs.register.tables import Delivery, DeliveryState

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
    sha256 = sha256_of(file)
    archived = data_dir / "archive" / SENDER / DELIVERABLE / f"{sha256[:12]}_{safe_name(file.name)}"
    archived.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, archived)
    with Session(engine) as session, session.begin():
        wait_for_other_loads(session.connection())
        delivery = Delivery(
            sha256=sha256,
            sender=SENDER,
            deliverable=DELIVERABLE,
            file_name=safe_name(file.name),
            archived_as=str(archived.relative_to(data_dir)),
            bytes=archived.stat().st_size,
            received_at=now,
            settled_at=now,
            state=DeliveryState.LOADED.value,
            rows=len(changes),
        )
        session.add(delivery)
        session.flush()
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
    try:
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    except (UnicodeDecodeError, csv.Error):
        raise FileFault(
            (None, "Filen er ikke tekst i UTF-8 med semikolon. Lagre den slik.")
        ) from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise FileFault((1, f"Første linje skal være {';'.join(COLUMNS)}."))
    faults = [
        (line, fault)
        for line, row in enumerate(rows[1:], 2)
        if (fault := _fault(row, today, accept))
    ]
    if faults:
        raise FileFault(*faults)
    for line, (old, new, day) in enumerate(rows[1:], 2):
        yield line, Change(old, new, date.fromisoformat(day))


def _fault(row: list[str], today: date, accept: frozenset[Kind]) -> str:
    if len(row) != len(COLUMNS):
        return f"Linjen skal ha {len(COLUMNS)} felt med semikolon mellom."
    old, new, day = row
    for name, number in (("tidligere", old), ("nye", new)):
        if classify(number, today).kind not in accept:
            return f"Det {name} nummeret holder ikke, eller slaget er ikke tillatt her. Rett det."
    if old == new:
        return "Det tidligere og det nye nummeret er det samme. Fjern linjen."
    try:
        return "Datoen ligger fram i tid. Rett den." if date.fromisoformat(day) > today else ""
    except ValueError:
        return "Datoen skal skrives ÅÅÅÅ-MM-DD."
