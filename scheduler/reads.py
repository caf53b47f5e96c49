"""Reads: nobody is told who a person is but through `disclose`, which first writes down who asked, and why.

The row and the answer are one transaction: without the row there is no name to show.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from jobs.identity import classify
from jobs.register.people import Person, PersonMerge
from scheduler.access.tables import PersonReadRow

HIDDEN = "*****"
BIRTH_DIGITS = 6


class Purpose(StrEnum):
    """What somebody says that they look at persons for."""

    CONTACT = "kontakt"
    CHECK = "kontroll"
    FOLLOW_UP = "oppfolging"
    MENDING = "retting"
    ACCESS = "innsyn"


PURPOSES = {
    Purpose.CONTACT: "Ta kontakt med ungdommen",
    Purpose.CHECK: "Kontrollere en overføring",
    Purpose.FOLLOW_UP: "Følge opp en status",
    Purpose.MENDING: "Rette feil i grunnlaget",
    Purpose.ACCESS: "Svare på et krav om innsyn",
}


class Page(StrEnum):
    """Where persons are shown."""

    COMING = "inn"
    LEFT_OUT = "utelatt"
    OLDEST = "eldste"
    PROTECTED = "skjermet"
    PERSON = "person"


PAGES = {
    Page.COMING: "På vei inn",
    Page.LEFT_OUT: "Holdt utenfor",
    Page.OLDEST: "Ukjent aktivitet, de eldste",
    Page.PROTECTED: "Med adressebeskyttelse",
    Page.PERSON: "En person",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks (an account), in which county, and what for."""

    account_id: int
    name: str
    county: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Known:
    """Who a person is, as far as it is shown: of the identity number the birth digits alone.

    `born` is None where the number does not tell it.
    """

    name: str
    born: date | None
    number: str
    municipality: str


def disclose(
    session: Session, reader: Reader, page: Page, ids: Collection[int], now: datetime
) -> dict[int, Known]:
    """Who the persons are, by id; each is written down as read, in the transaction of the caller.

    The caller answers after the commit, so what could not be written down is not shown.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    same = {
        "at": now,
        "account_id": reader.account_id,
        "actor": reader.name,
        "county": reader.county,
        "page": page.value,
        "purpose": reader.purpose.value,
    }
    session.execute(insert(PersonReadRow), [{**same, "person_id": person} for person in wanted])
    rows = session.execute(
        select(Person.id, Person.navn, Person.fodselsnummer, Person.kommunenummer).where(
            Person.id.in_(wanted)
        )
    )
    return {
        person: Known(
            name or "",
            classify(number, now.date()).birth_date,
            number[:BIRTH_DIGITS] + HIDDEN,
            municipality or "",
        )
        for person, name, number, municipality in rows
    }


def found(
    session: Session,
    *,
    person: int | None = None,
    actor: str = "",
    limit: int = 100,
    offset: int = 0,
) -> Sequence[PersonReadRow]:
    """What was read, the newest first: of everybody, of one person, or by one account.

    A person is also who was found to be the same person since.
    """
    query = select(PersonReadRow).order_by(PersonReadRow.at.desc(), PersonReadRow.id.desc())
    if person is not None:
        query = query.where(PersonReadRow.person_id.in_(_same_person(session, person)))
    if actor:
        query = query.where(PersonReadRow.actor == actor)
    return session.scalars(query.limit(limit).offset(offset)).all()


def _same_person(session: Session, person: int) -> set[int]:
    """The person's number, and those that were merged into it."""
    same, new = {person}, {person}
    while new:
        gone = select(PersonMerge.gone_id).where(PersonMerge.kept_id.in_(new))
        new = set(session.scalars(gone)) - same
        same |= new
    return same
