"""Status updates: a file from the follow-up service's own system, taken in on a person's word.

A line is `fodselsnummer;statuskode;dato;kontakt;grunn` (days ÅÅÅÅ-MM-DD; layout ours, I). All lines
hold or none. A status is an event more; none that was there is changed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from jobs.imports.hand_file import DATE_FORM, Row, archive, day_of, read_rows
from jobs.imports.lines import Fault, FileFault
from jobs.imports.load import wait_for_other_loads
from jobs.ot.status_use import Happened, Standing, Update, fault
from jobs.ot.transfer import Transfer
from jobs.register.followup import Event, OtHendelse, OtLinje, Source
from jobs.register.people import PersonNumber

DELIVERABLE = "ot-status"
COLUMNS = ("fodselsnummer", "statuskode", "dato", "kontakt", "grunn")


@dataclass(frozen=True, slots=True)
class Word:
    """Who takes the file in, and why."""

    actor: str
    why: str


def take_in(
    engine: Engine, data_dir: Path, file: Path, wanted: Transfer, word: Word, now: datetime
) -> Counter[str]:
    """Give every status in the file to the county's lines; returns how many were given and unchanged.

    Raises FileFault, naming lines and never numbers, and then nothing has changed.
    """
    updates = _read(file)
    with Session(engine) as session, session.begin():
        wait_for_other_loads(session.connection())
        standing = _standing(session, wanted)
        given = _judged(updates, standing, wanted)
        sender = str(wanted.fylkesnummer)
        delivery = archive(session, data_dir, file, (sender, DELIVERABLE), len(updates), now)
        events = [_event(each, standing[each.fodselsnummer], word, delivery.id) for each in given]
        if events:
            session.execute(insert(OtHendelse), [{**event, "at": now} for event in events])
        for line in {standing[each.fodselsnummer] for each in given}:
            changed = update(OtLinje).where(OtLinje.id == line.linje_id)
            session.execute(changed.values(otstatus=line.statuskode))
        counts = Counter(given=len(given), unchanged=len(updates) - len(given))
        delivery.skolear, delivery.counts = wanted.skolear, {**counts, "hvorfor": word.why}
    return counts


def _read(file: Path) -> list[Update]:
    rows = read_rows(file, COLUMNS)
    if faults := [(line, DATE_FORM) for line, row in rows if not _has_days(row)]:
        raise FileFault(*faults)
    return list(_updates(rows))


def _has_days(row: list[str]) -> bool:
    _number, _code, day, contact, _why = row
    return day_of(day) is not None and (not contact or day_of(contact) is not None)


def _updates(rows: list[Row]) -> Iterator[Update]:
    for line, (number, code, written, contact, why) in rows:
        if day := day_of(written):
            yield Update(line, number, code, day, day_of(contact), why.strip())


def _standing(session: Session, wanted: Transfer) -> dict[str, Standing]:
    """The county's lines of the school year, by every identity number that their people have had."""
    here = (OtLinje.fylkesnummer == wanted.fylkesnummer, OtLinje.skolear == wanted.skolear)
    happened: dict[int, list[Happened]] = defaultdict(list)
    rows = session.execute(
        select(OtHendelse.linje_id, OtHendelse.gjelder, OtHendelse.slag, OtHendelse.otstatus)
        .join(OtLinje, OtLinje.id == OtHendelse.linje_id)
        .where(*here)
        .order_by(OtHendelse.gjelder, OtHendelse.id)
    )
    for line, day, kind, code in rows:
        happened[line].append(Happened(day, kind, code))
    lines = {line: Standing(line, events) for line, events in happened.items()}
    numbers = select(PersonNumber.fodselsnummer, OtLinje.id).join(
        OtLinje, OtLinje.person_id == PersonNumber.person_id
    )
    return {n: lines[line] for n, line in session.execute(numbers.where(*here)) if line in lines}


def _judged(updates: list[Update], standing: dict[str, Standing], wanted: Transfer) -> list[Update]:
    """The updates that give a status, the oldest first; FileFault when one may not be given."""
    faults: list[Fault] = []
    given: list[Update] = []
    for each in sorted(updates, key=lambda each: (each.dato, each.linje)):
        line = standing.get(each.fodselsnummer)
        if told := fault(each, line, wanted.per):
            faults.append((each.linje, told))
        elif line is not None and line.given_on(each.dato) is None:
            line.add(each)
            given.append(each)
    if faults:
        raise FileFault(*sorted(faults, key=lambda told: told[0] or 0))
    return given


def _event(given: Update, line: Standing, word: Word, delivery_id: int) -> dict[str, Any]:
    contact = given.kontakt.isoformat() if given.kontakt else None
    return {
        "linje_id": line.linje_id,
        "slag": Event.STATUS.value,
        "gjelder": given.dato,
        "kilde": Source.IMPORT.value,
        "aktor": word.actor,
        "otstatus": given.statuskode,
        "grunn": given.grunn or word.why,
        "bevis": {"leveranse": delivery_id, "linje": given.linje, "kontakt": contact},
    }
