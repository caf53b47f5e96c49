"""Two people who turn out to be one: their lines and marks in the follow-up service become one's.

Of two lines in the same county and school year, the one with a status of an adviser's is kept, else the
older; the events of both stay.
"""

from typing import Any

from sqlalchemy import Connection, and_, delete, select, update

from jobs.register.followup import (
    FIRST_STATUS,
    OtHendelse,
    OtLinje,
    OtPaVei,
    OtUtelatt,
    Personmerke,
)
from jobs.register.tables import table_of

LINE, EVENT = table_of(OtLinje), table_of(OtHendelse)
MARK = table_of(Personmerke)
CANDIDATES = (table_of(OtUtelatt), table_of(OtPaVei))


def merge_followup(connection: Connection, gone: int, kept: int) -> None:
    """Give the kept person what was the other's; candidates are found anew by the next run."""
    for table in CANDIDATES:
        connection.execute(delete(table).where(table.c.person_id == gone))
    _merge_marks(connection, gone, kept)
    for theirs, mine in _doubled(connection, gone, kept):
        stays, goes = _chosen(theirs, mine)
        connection.execute(update(EVENT).where(EVENT.c.linje_id == goes).values(linje_id=stays))
        connection.execute(delete(LINE).where(LINE.c.id == goes))
    connection.execute(update(LINE).where(LINE.c.person_id == gone).values(person_id=kept))


def _merge_marks(connection: Connection, gone: int, kept: int) -> None:
    other = MARK.alias("other")
    same = and_(
        other.c.personmerke == MARK.c.personmerke,
        other.c.fra.is_not_distinct_from(MARK.c.fra),
        other.c.person_id == kept,
    )
    twice = select(MARK.c.id).join(other, same).where(MARK.c.person_id == gone)
    connection.execute(delete(MARK).where(MARK.c.id.in_(connection.scalars(twice).all())))
    connection.execute(update(MARK).where(MARK.c.person_id == gone).values(person_id=kept))


def _doubled(connection: Connection, gone: int, kept: int) -> list[tuple[Any, Any]]:
    """The lines that both have in a county and school year."""
    lines = connection.execute(select(LINE).where(LINE.c.person_id.in_((gone, kept)))).all()
    mine = {(line.skolear, line.fylkesnummer): line for line in lines if line.person_id == kept}
    return [
        (line, mine[line.skolear, line.fylkesnummer])
        for line in lines
        if line.person_id == gone and (line.skolear, line.fylkesnummer) in mine
    ]


def _chosen(one: Any, other: Any) -> tuple[int, int]:
    """The line that stays, and the one that goes."""
    first, second = sorted(
        (one, other), key=lambda line: (line.otstatus == FIRST_STATUS, line.opprettet_at)
    )
    return first.id, second.id
