"""Ending: what a full extract no longer holds is kept as history and taken out of the register."""

from sqlalchemy import ColumnElement, Table, and_, delete, insert, not_, select

from jobs.register.datasets import Extent, Target
from jobs.register.history import How
from jobs.register.people import PersonNumber
from jobs.register.staging import LINE, PARENT, QUARANTINED, Staged
from jobs.register.tables import table_of
from jobs.register.work import Work


def end_missing(work: Work, target: Target, extent: Extent) -> None:
    """End what the extent holds and the file does not, and what lies under it.

    Whoever is in the file but was set aside for an error is not gone: those rows stay as they were.
    """
    link, table = work.links[target.frame], target.table
    gone = work.temporary(f"borte_{target.frame}", key="id")
    unseen = select(table.c.id).select_from(table.outerjoin(link, link.c.id == table.c.id))
    gone_rows = and_(
        extent.holds(target), link.c.id.is_(None), not_(set_aside(work.staged, target))
    )
    query = unseen.where(gone_rows)
    work.connection.execute(insert(gone).from_select(["id"], query))
    for child in work.dataset.children(target):
        _end_children(work, child, link, gone)
    _end(work, target, gone)


def set_aside(staged: Staged, target: Target) -> ColumnElement[bool]:
    """Whether the owner of a root target's row has lines set aside in the file."""
    aside, number = staged[QUARANTINED], table_of(PersonNumber)
    if not target.parent:
        return target.table.c[target.owner].in_(select(aside.c.eier))
    owners = select(number.c.person_id).join(aside, aside.c.eier == number.c.fodselsnummer)
    return target.table.c[target.parent_id].in_(owners)


def _end_children(work: Work, target: Target, parents: Table, gone_parents: Table) -> None:
    """End the rows under a parent that is gone, and those that an old parent's lines lack."""
    table, lines = target.table, work.staged[target.frame]
    gone = work.temporary(f"borte_{target.frame}", key="id")
    of_gone = select(table.c.id).join(gone_parents, gone_parents.c.id == table.c[target.parent_id])
    here = and_(lines.c[PARENT] == parents.c.linje, work.same(target))
    kept = table.join(parents, parents.c.id == table.c[target.parent_id])
    lacking = (
        select(table.c.id)
        .select_from(kept.outerjoin(lines, here))
        .where(not_(parents.c.ny), lines.c[LINE].is_(None))
    )
    for query in (of_gone, lacking):
        work.connection.execute(insert(gone).from_select(["id"], query))
    _end(work, target, gone)


def _end(work: Work, target: Target, gone: Table) -> None:
    work.keep(target, target.table.join(gone, gone.c.id == target.table.c.id), How.ENDED)
    ids = select(gone.c.id)
    work.touched.avsluttet += work.count(delete(target.table).where(target.table.c.id.in_(ids)))
