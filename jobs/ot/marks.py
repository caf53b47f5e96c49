"""Marks on persons: a file of protected addresses, deaths and the like, taken in on a person's word.

A line is `fodselsnummer;personmerke;fra;til` (days ÅÅÅÅ-MM-DD, both may be empty; layout ours, I). All lines
hold or none. A mark that is there gets the new last day, else it is a new one; none is removed. Open lines of
the follow-up service go to the county's central unit, or back from it, at once.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from jobs.codelists import codes
from jobs.imports.hand_file import DATE_FORM, archive, day_of, read_rows
from jobs.imports.lines import Fault, FileFault
from jobs.imports.load import wait_for_other_loads
from jobs.ot.listing import marked_on
from jobs.ot.status import Word
from jobs.ot.units import with_unit
from jobs.register.followup import Event, OtHendelse, OtLinje, Personmerke, Source
from jobs.register.people import Person, PersonNumber
from scheduler.calendar.occurrence import NATIONAL, OSLO

DELIVERABLE = "reg-personmerker"
COLUMNS = ("fodselsnummer", "personmerke", "fra", "til")
PLACES = {"linje": pl.Int64, "kommunenummer": pl.String, "her": pl.String, "skjermet": pl.Boolean}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as a line of the file gives it; None for no first or last day."""

    fodselsnummer: str
    merke: str
    fra: date | None
    til: date | None


def take_in(engine: Engine, data_dir: Path, file: Path, word: Word, now: datetime) -> Counter[str]:
    """Give the marks in the file; returns how many are new, changed and unchanged, and the lines moved.

    Raises FileFault, naming lines and never numbers, and then nothing has changed.
    """
    rows = _read(file)
    with Session(engine) as session, session.begin():
        wait_for_other_loads(session.connection())
        people = _people(session, rows)
        delivery = archive(session, data_dir, file, (NATIONAL, DELIVERABLE), len(rows), now)
        done = Counter(_give(session, mark, people[mark.fodselsnummer]) for mark in rows.values())
        session.flush()
        done["moved"] = _place_lines(session, set(people.values()), word, now)
        delivery.counts = {**done, "av": word.actor, "hvorfor": word.why}
    return done


def _read(file: Path) -> dict[int, Mark]:
    """The marks by line; FileFault for those that do not hold by themselves."""
    rows = read_rows(file, COLUMNS)
    if faults := [(line, told) for line, row in rows if (told := _fault(row))]:
        raise FileFault(*faults)
    return {
        line: Mark(number, code, day_of(first), day_of(last))
        for line, (number, code, first, last) in rows
    }


def _fault(row: list[str]) -> str:
    _number, code, *written = row
    known = codes("personmerke")
    if code not in known:
        return f"Merket «{code[:10]}» finnes ikke. Bruk et av {', '.join(known)}."
    if any(day and day_of(day) is None for day in written):
        return DATE_FORM
    first, last = map(day_of, written)
    return (
        "Den siste dagen er før den første. Rett en av dem."
        if first and last and last < first
        else ""
    )


def _people(session: Session, rows: dict[int, Mark]) -> dict[str, int]:
    """Whose the numbers are, also earlier ones; FileFault where the register knows nobody."""
    numbers = {mark.fodselsnummer for mark in rows.values()}
    query = select(PersonNumber.fodselsnummer, PersonNumber.person_id)
    found = dict(session.execute(query.where(PersonNumber.fodselsnummer.in_(numbers))).all())
    faults: list[Fault] = [
        (line, "Nummeret finnes ikke i registeret. Les inn personen først, eller fjern linjen.")
        for line, mark in rows.items()
        if mark.fodselsnummer not in found
    ]
    if faults:
        raise FileFault(*faults)
    return found


def _give(session: Session, mark: Mark, person: int) -> str:
    query = select(Personmerke).where(
        Personmerke.person_id == person,
        Personmerke.personmerke == mark.merke,
        Personmerke.fra.is_not_distinct_from(mark.fra),
    )
    there = session.scalars(query).one_or_none()
    if there is None:
        session.add(
            Personmerke(person_id=person, personmerke=mark.merke, fra=mark.fra, til=mark.til)
        )
        session.flush()
        return "new"
    if there.til == mark.til:
        return "unchanged"
    there.til = mark.til
    return "changed"


def _place_lines(session: Session, people: Collection[int], word: Word, now: datetime) -> int:
    """Put the people's open lines aside, or back, as their marks say today; returns how many moved."""
    today = now.astimezone(OSLO).date()
    marked = set(session.scalars(marked_on(today).where(Personmerke.person_id.in_(people))))
    query = select(OtLinje, Person.kommunenummer).join(Person, Person.id == OtLinje.person_id)
    open_lines = query.where(OtLinje.person_id.in_(people), OtLinje.avsluttet_at.is_(None))
    moved = [
        (line, municipality)
        for line, municipality in session.execute(open_lines)
        if line.skjermet != (line.person_id in marked)
    ]
    if not moved:
        return 0
    places = pl.DataFrame(
        [
            (line.id, municipality, line.fylkesnummer, line.person_id in marked)
            for line, municipality in moved
        ],
        schema=PLACES,
        orient="row",
    )
    units = dict(with_unit(places).select("linje", "otenhet").iter_rows())
    for line, _ in moved:
        line.skjermet, line.otenhet = line.person_id in marked, units[line.id]
    shared = {"slag": Event.MOVED.value, "gjelder": today, "at": now, "bevis": {}}
    told = {"kilde": Source.IMPORT.value, "aktor": word.actor, "grunn": word.why}
    session.execute(
        insert(OtHendelse),
        [{"linje_id": line.id, "otenhet": line.otenhet, **shared, **told} for line, _ in moved],
    )
    return len(moved)
