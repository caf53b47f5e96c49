"""What loading a staged file would end: the share of what is held, and schools that would be emptied."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, not_, select
from sqlalchemy.orm import Session

from jobs.register.datasets import Extent, Target
from jobs.register.ending import set_aside
from jobs.register.merge import matched
from jobs.register.staging import Staged, open_staged


@dataclass(frozen=True, slots=True)
class Ending:
    """How many rows of those held a full extract would end, and schools that would lose everyone.

    `what` names the tables that were counted.
    """

    missing: int
    held: int
    what: str = "rader"
    emptied: tuple[str, ...] = ()

    def is_too_much(self, limit: float) -> bool:
        return self.missing > self.held * limit or bool(self.emptied)


def would_end(
    session: Session, extent: Extent, delivery_id: int, folder: Path, school_size: int = 10
) -> Ending:
    """Hold the staged file against the register; a school of `school_size` or more may not vanish."""
    connection = session.connection()
    staged = open_staged(connection, extent.dataset, delivery_id, folder)
    missing = held = 0
    emptied: list[str] = []
    for target in extent.dataset.roots:
        same = matched(staged, target).subquery()
        here = and_(extent.holds(target), not_(set_aside(staged, target)))
        all_of = connection.scalar(select(func.count()).select_from(target.table).where(here)) or 0
        # In a list made once: SQLite would search the unindexed lines for every row of the extent.
        kept = here & target.table.c.id.in_(select(same.c.id))
        held += all_of
        missing += all_of - (
            connection.scalar(select(func.count()).select_from(target.table).where(kept)) or 0
        )
        if "skolenummer" in target.table.columns:
            emptied += _emptied(connection, staged, target, here, school_size)
    what = " og ".join(target.table.name for target in extent.dataset.roots)
    return Ending(missing, held, what, tuple(emptied))


def _emptied(
    connection: Connection, staged: Staged, target: Target, here: Any, school_size: int
) -> list[str]:
    school, lines = target.table.c.skolenummer, staged[target.frame]
    named = select(lines.c.skolenummer).where(lines.c.skolenummer.is_not(None))
    large = select(school).where(here, school.is_not(None), school.not_in(named))
    large = large.group_by(school).having(func.count() >= school_size).order_by(school)
    return list(connection.scalars(large))
