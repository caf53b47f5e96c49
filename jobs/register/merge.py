"""Merge a controlled delivery into the register: find what differs, touch only that, keep what was.

A full extract ends what its extent holds and the file does not; an incremental one only adds and
changes. An unchanged row keeps the delivery and line that gave it its values; a row that changes or
ends is written to its history first.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from jobs.register.datasets import Extent, Target
from jobs.register.ending import end_missing
from jobs.register.history import How
from jobs.register.people import Person, PersonNumber
from jobs.register.staging import LINE, PARENT, Staged
from jobs.register.tables import RowId, table_of
from jobs.register.work import Touched, Work

PERSON, NUMBER = table_of(Person), table_of(PersonNumber)


def merge(
    connection: Connection, staged: Staged, extent: Extent, delivery_id: int, *, full: bool = True
) -> Touched:
    """Bring the register in line with the staged rows, in the caller's transaction."""
    work = Work(connection, staged, extent.dataset, delivery_id)
    for target in extent.dataset.targets:
        _take_in(work, target)
    if full:
        for target in extent.dataset.roots:
            end_missing(work, target, extent)
    work.drop_temporary()
    return work.touched


def matched(staged: Staged, target: Target) -> Select[Any]:
    """(line, id in the register) of the staged lines of a root target that are there already."""
    lines, table = staged[target.frame], target.table
    same = [table.c[name] == lines.c[name] for name in target.natural_key]
    if not target.parent:
        return select(lines.c[LINE], table.c.id).join_from(lines, table, and_(*same))
    people = staged[target.parent]
    return (
        select(lines.c[LINE], table.c.id)
        .join_from(lines, people, people.c[LINE] == lines.c[PARENT])
        .join(NUMBER, NUMBER.c.fodselsnummer == people.c.fodselsnummer)
        .join(table, and_(table.c[target.parent_id] == NUMBER.c.person_id, *same))
    )


def _take_in(work: Work, target: Target) -> None:
    """Add the new lines, remember every line's row, and change what differs."""
    newest = work.connection.scalar(select(func.max(target.table.c.id))) or 0
    if target.holds_people:
        _add_people(work, target)
    else:
        _add_rows(work, target)
    if target.holds_people or work.dataset.children(target) or work.dataset.is_root(target):
        _link(work, target, newest)
    _change(work, target)


def _add_people(work: Work, target: Target) -> None:
    lines = work.staged[target.frame]
    known = NUMBER.c.fodselsnummer == lines.c.fodselsnummer
    names = [c.name for c in target.columns]
    new = select(*(lines.c[name] for name in names), *_origin(work, lines)).where(
        NUMBER.c.person_id.is_(None)
    )
    _add(work, target, names, new.select_from(lines.outerjoin(NUMBER, known)), lines)
    numbered = (
        select(PERSON.c.fodselsnummer, PERSON.c.id, literal(work.delivery_id))
        .join_from(lines, PERSON, PERSON.c.fodselsnummer == lines.c.fodselsnummer)
        .outerjoin(NUMBER, known)
        .where(NUMBER.c.person_id.is_(None))
    )
    columns = ["fodselsnummer", "person_id", "delivery_id"]
    work.connection.execute(insert(NUMBER).from_select(columns, numbered))


def _add_rows(work: Work, target: Target) -> None:
    """New rows: those under a new parent without looking, the others where none is there."""
    lines, names = work.staged[target.frame], [c.name for c in target.columns]
    parent = work.links.get(target.parent)
    values = [*(lines.c[name] for name in names), *_origin(work, lines)]
    if parent is None:
        there = lines.outerjoin(target.table, work.same(target))
        query = select(*values).select_from(there).where(target.table.c.id.is_(None))
        _add(work, target, names, query, lines)
        return
    _every_line_has_a_parent(work, target, lines, parent)
    names = [target.parent_id, *names]
    below = lines.join(parent, parent.c.linje == lines.c[PARENT])
    fresh = select(parent.c.id, *values).select_from(below).where(parent.c.ny)
    _add(work, target, names, fresh, lines)
    there = below.outerjoin(
        target.table,
        and_(work.same(target), target.table.c[target.parent_id] == parent.c.id),
    )
    missing = select(parent.c.id, *values).select_from(there)
    missing = missing.where(not_(parent.c.ny), target.table.c.id.is_(None))
    _add(work, target, names, missing, lines)


def _origin(work: Work, lines: Table) -> list[Any]:
    return [lines.c[LINE], literal(work.delivery_id)]


def _add(
    work: Work, target: Target, names: Sequence[str], query: Select[Any], lines: Table
) -> None:
    columns = [*names, "linje", "delivery_id"]
    # In the file's order: neighbours in the file become neighbours in the index.
    ordered = query.order_by(lines.c[LINE])
    added = work.count(insert(target.table).from_select(columns, ordered))
    work.touched.nye += added
    if added:
        work.count_anew(target.table)


def _every_line_has_a_parent(work: Work, target: Target, lines: Table, parent: Table) -> None:
    orphans = work.connection.scalar(
        select(func.count())
        .select_from(lines.outerjoin(parent, parent.c.linje == lines.c[PARENT]))
        .where(parent.c.id.is_(None))
    )
    if orphans:
        raise ValueError(f"{target.frame}: {orphans} linjer mangler forelder")


def _link(work: Work, target: Target, newest: int) -> None:
    """Remember which row each line is, and whether it is new: numbered after the newest before.

    Loads take turns, so nobody else adds rows meanwhile.
    """
    # Found by line and by row: SQLite would walk all lines for every row of the county otherwise.
    row = Column("id", RowId, index=True)
    link = work.temporary(f"kobling_{target.frame}", row, Column("ny", Boolean))
    lines, table = work.staged[target.frame], target.table
    made = table.c.id > newest
    if target.holds_people:
        query = (
            select(lines.c[LINE], NUMBER.c.person_id, made)
            .join_from(lines, NUMBER, NUMBER.c.fodselsnummer == lines.c.fodselsnummer)
            .join(table, table.c.id == NUMBER.c.person_id)
        )
    else:
        rows = work.rows(target)
        query = select(lines.c[LINE], table.c.id, made).select_from(rows)
    work.connection.execute(insert(link).from_select(["linje", "id", "ny"], query))
    work.count_anew(link)
    work.links[target.frame] = link


def _change(work: Work, target: Target) -> None:
    """Classify by comparing columns, then touch: no row is locked in vain."""
    lines, table = work.staged[target.frame], target.table
    names = [name for name in target.values if name != "fodselsnummer"]
    if not names:
        return
    differs = or_(*(table.c[name].is_distinct_from(lines.c[name]) for name in names))
    changed = work.temporary(f"endret_{target.frame}", Column("id", RowId))
    query = select(lines.c[LINE], table.c.id).select_from(work.compared(target))
    query = query.where(differs, _may_be_old(work, target))
    work.connection.execute(insert(changed).from_select(["linje", "id"], query))
    work.keep(target, table.join(changed, changed.c.id == table.c.id), How.CHANGED)
    new: dict[str, Any] = {name: lines.c[name] for name in [*names, LINE]}
    work.touched.endret += work.count(
        update(table)
        .where(table.c.id == changed.c.id, lines.c[LINE] == changed.c.linje)
        .values({**new, "delivery_id": work.delivery_id})
    )


def _may_be_old(work: Work, target: Target) -> ColumnElement[bool]:
    """What was just added cannot differ, nor what lies under such a row."""
    link = work.links.get(target.frame)
    return not_((link if link is not None else work.links[target.parent]).c.ny)
