"""Renumber: a person gets another identity number, and two rows that are one person become one.

A D-number becomes a birth number, a fictitious one a real one. The change is a delivery of its own, so
that what was known before it can still be asked for; who decided it and why is kept beside it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from jobs.register.followup_merge import merge_followup
from jobs.register.history import How, ended, history_of
from jobs.register.people import Person, PersonMerge, PersonNumber
from jobs.register.tables import RegisterBase, natural_key, table_of

PERSON, NUMBER, MERGE = table_of(Person), table_of(PersonNumber), table_of(PersonMerge)


class RenumberError(Exception):
    """A change that cannot be made; the sentence holds no identity number."""


@dataclass(frozen=True, slots=True)
class Change:
    """One person's earlier and present number, and the day the present one took over."""

    old: str
    new: str
    day: date


@dataclass(frozen=True, slots=True)
class Decision:
    """On whose word, why, when, and the delivery that holds the changes."""

    delivery_id: int
    actor: str
    why: str
    at: datetime


def renumber(connection: Connection, change: Change, decision: Decision) -> str:
    """Make one change in the caller's transaction; returns "renumbered", "merged" or "unchanged".

    Raises RenumberError when the earlier number is nobody's.
    """
    old, new = (_owner(connection, number) for number in (change.old, change.new))
    if old is None:
        raise RenumberError("Det tidligere nummeret finnes ikke i registeret. Kontroller det.")
    if old == new:
        return "unchanged"
    if new is None:
        _give_number(connection, old, change, decision)
        return "renumbered"
    _merge(connection, old, new, change, decision)
    return "merged"


def _owner(connection: Connection, number: str) -> int | None:
    return connection.scalar(select(NUMBER.c.person_id).where(NUMBER.c.fodselsnummer == number))


def _give_number(connection: Connection, person: int, change: Change, decision: Decision) -> None:
    mine = PERSON.c.id == person
    _keep(connection, Person, mine, decision, How.CHANGED)
    values = {"fodselsnummer": change.new, "delivery_id": decision.delivery_id}
    connection.execute(update(PERSON).where(mine).values(values))
    _close_numbers(connection, person, change)
    number = {"fodselsnummer": change.new, "person_id": person, "fra": change.day}
    connection.execute(insert(NUMBER).values({**number, "delivery_id": decision.delivery_id}))


def _close_numbers(connection: Connection, person: int, change: Change) -> None:
    """The person's numbers are no longer in use."""
    in_use = and_(NUMBER.c.person_id == person, NUMBER.c.til.is_(None))
    connection.execute(update(NUMBER).where(in_use).values(til=change.day))


def _merge(
    connection: Connection, gone: int, kept: int, change: Change, decision: Decision
) -> None:
    for model in _of_people():
        _move(connection, model, gone, kept, decision)
    merge_followup(connection, gone, kept)
    _close_numbers(connection, gone, change)
    connection.execute(update(NUMBER).where(NUMBER.c.person_id == gone).values(person_id=kept))
    _keep(connection, Person, PERSON.c.id == gone, decision, How.MOVED)
    connection.execute(delete(PERSON).where(PERSON.c.id == gone))
    told = {"actor": decision.actor, "why": decision.why, "at": decision.at}
    merged = {"kept_id": kept, "gone_id": gone, "delivery_id": decision.delivery_id}
    connection.execute(insert(MERGE).values({**merged, **told}))


def _of_people() -> list[type[RegisterBase]]:
    """The models whose rows belong to a person and have a history."""
    models = (mapper.class_ for mapper in RegisterBase.registry.mappers)
    return [
        model
        for model in models
        if "person_id" in table_of(model).c and "linje" in table_of(model).c
    ]


def _move(
    connection: Connection, model: type[RegisterBase], gone: int, kept: int, decision: Decision
) -> None:
    """Move a person's rows; where both have the same one, the one delivered last is kept."""
    table = table_of(model)
    for older in _doubled(connection, table, gone, kept):
        for child in _children(table):
            column = next(c for c in table_of(child).c if c.references(table.c.id))
            _end(connection, child, column == older, decision)
        _end(connection, model, table.c.id == older, decision)
    mine = table.c.person_id == gone
    _keep(connection, model, mine, decision, How.MOVED)
    values = {"person_id": kept, "delivery_id": decision.delivery_id}
    connection.execute(update(table).where(mine).values(values))


def _doubled(connection: Connection, table: Table, gone: int, kept: int) -> list[int]:
    """The older row of each pair that has the same key but for the person."""
    other = table.alias("other")
    key = natural_key(table)
    if "person_id" not in key:
        return []
    same = and_(*(table.c[name] == other.c[name] for name in key if name != "person_id"))
    pairs = connection.execute(
        select(table.c.id, table.c.delivery_id, other.c.id, other.c.delivery_id)
        .join(other, same)
        .where(table.c.person_id == gone, other.c.person_id == kept)
    )
    return [
        mine if brought <= their_brought else theirs
        for mine, brought, theirs, their_brought in pairs
    ]


def _children(table: Table) -> list[type[RegisterBase]]:
    models = (mapper.class_ for mapper in RegisterBase.registry.mappers)
    return [
        model
        for model in models
        if "linje" in table_of(model).c
        and any(column.references(table.c.id) for column in table_of(model).c)
    ]


def _end(
    connection: Connection, model: type[RegisterBase], rows: ColumnElement[bool], decision: Decision
) -> None:
    _keep(connection, model, rows, decision, How.MOVED)
    connection.execute(delete(table_of(model)).where(rows))


def _keep(
    connection: Connection,
    model: type[RegisterBase],
    rows: ColumnElement[bool],
    decision: Decision,
    how: How,
) -> None:
    names, values = ended(model, decision.delivery_id, how)
    connection.execute(insert(history_of(model)).from_select(names, select(*values).where(rows)))


def superseded(connection: Connection) -> list[tuple[str, str]]:
    """(earlier number, number in use) of every person who has changed number."""
    query = select(NUMBER.c.fodselsnummer, PERSON.c.fodselsnummer).join(
        PERSON, PERSON.c.id == NUMBER.c.person_id
    )
    return [(old, new) for old, new in connection.execute(query.where(NUMBER.c.til.is_not(None)))]
