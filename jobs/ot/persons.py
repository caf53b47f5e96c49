"""Persons: who is on the way into a county's follow-up service, who was left out, who waits, and what happened.

Nothing here tells who a person is: rows have the register's own number. Whoever has a protected address
is on no list but that of the protected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from jobs.ot import listing
from jobs.ot.listing import Asked, Listing, Rows
from jobs.register.followup import FIRST_STATUS, OtHendelse, OtLinje, Personmerke


@dataclass(frozen=True, slots=True)
class Entry:
    """A person on a list; `dag` is the day of registration, None for who is not registered."""

    liste: Listing
    person_id: int
    regel: str
    port: str | None
    setning: str
    dag: date | None
    otenhet: str | None


def count(session: Session, asked: Asked, which: Listing) -> int:
    """How many are on a list."""
    people = _shown(session, asked, which).subquery()
    return session.scalar(select(func.count()).select_from(people)) or 0


def by_gate(session: Session, asked: Asked) -> dict[str, int]:
    """Gate -> how many it left out, in the order of the gates."""
    people = _shown(session, asked, Listing.LEFT_OUT).subquery()
    rows = session.execute(select(people.c.port, func.count()).group_by(people.c.port))
    return dict(sorted(((gate, number) for gate, number in rows), key=_gate_number))


def _gate_number(counted: tuple[str, int]) -> tuple[int, str]:
    gate = counted[0]
    return int("".join(filter(str.isdigit, gate)) or 0), gate


def entries(
    session: Session,
    asked: Asked,
    which: Listing,
    gate: str = "",
    offset: int = 0,
    limit: int = 50,
) -> list[Entry]:
    """A page of a list: by rule, those left out by gate, those without contact with the oldest first."""
    people = _shown(session, asked, which).subquery()
    query = select(people)
    if gate:
        query = query.where(people.c.port == gate)
    if which is Listing.OLDEST:
        query = query.order_by(people.c.dag)
    ordered = query.order_by(people.c.port, people.c.regel, people.c.person_id)
    return _entries(session, ordered.limit(limit).offset(offset))


def protected(session: Session, asked: Asked) -> list[Entry]:
    """Everybody with a protected address who is on the way, left out or registered, by person."""
    everybody = union_all(
        *listing.coming(session, asked),
        *listing.left_out(session, asked),
        listing.registered(asked),
    ).subquery()
    query = select(everybody).where(everybody.c.person_id.in_(listing.protected_ids(asked)))
    return _entries(session, query.order_by(everybody.c.person_id, everybody.c.liste))


def is_protected(session: Session, asked: Asked, person: int) -> bool:
    """Whether the person has a protected address, as lists judge it."""
    ids = listing.protected_ids(asked).subquery()
    (column,) = ids.c
    return session.scalar(select(func.count()).select_from(ids).where(column == person)) != 0


def marks(session: Session, asked: Asked, person: int) -> list[str]:
    """The codes of the protection marks that hold for a person on the day."""
    query = select(Personmerke.personmerke).where(
        Personmerke.person_id == person, *listing.in_force(asked.today)
    )
    return sorted(session.scalars(query))


def lines(session: Session, asked: Asked, person: int) -> Sequence[OtLinje]:
    """The person's lines in the county, of every school year, the newest first."""
    query = select(OtLinje).where(
        OtLinje.person_id == person, OtLinje.fylkesnummer == asked.fylkesnummer
    )
    return session.scalars(query.order_by(OtLinje.skolear.desc())).all()


def events(session: Session, lines: Sequence[OtLinje]) -> dict[int, list[OtHendelse]]:
    """Line -> what has happened to it, the newest first."""
    found: dict[int, list[OtHendelse]] = {line.id: [] for line in lines}
    query = select(OtHendelse).where(OtHendelse.linje_id.in_(found))
    for event in session.scalars(query.order_by(OtHendelse.gjelder.desc(), OtHendelse.id.desc())):
        found[event.linje_id].append(event)
    return found


def candidacies(session: Session, asked: Asked, person: int) -> list[Entry]:
    """What the newest runs say of a person."""
    told = union_all(*listing.coming(session, asked), *listing.left_out(session, asked)).subquery()
    return _entries(session, select(told).where(told.c.person_id == person))


def _entries(session: Session, query: Rows) -> list[Entry]:
    return [Entry(Listing(row[0]), *row[1:]) for row in session.execute(query)]


def _shown(session: Session, asked: Asked, which: Listing) -> Rows:
    """A list's rows without those who have a protected address."""
    if which is Listing.OLDEST:
        sources = [listing.registered(asked).where(OtLinje.otstatus == FIRST_STATUS)]
    else:
        of = listing.coming if which is Listing.COMING else listing.left_out
        sources = list(of(session, asked))
    people = union_all(*sources).subquery()
    return select(people).where(people.c.person_id.not_in(listing.protected_ids(asked)))
