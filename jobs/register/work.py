"""Work: one merge under way: its staged lines, which row each is, and the tables it needs meanwhile."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    MetaData,
    Table,
    and_,
    insert,
    select,
)

from jobs.register.datasets import Dataset, Target
from jobs.register.history import How, ended, history_of
from jobs.register.staging import LINE, PARENT, Staged


@dataclass(slots=True)
class Touched:
    """How many rows of the register a delivery added, changed and ended."""

    nye: int = 0
    endret: int = 0
    avsluttet: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass
class Work:
    """A merge in the caller's transaction; `links` holds, by frame, each line's row and if it is new."""

    connection: Connection
    staged: Staged
    dataset: Dataset
    delivery_id: int
    touched: Touched = field(default_factory=Touched)
    links: dict[str, Table] = field(default_factory=dict)
    _temporary: list[Table] = field(default_factory=list)

    def same(self, target: Target) -> ColumnElement[bool]:
        """Whether a staged line and a row have the same key, their parents apart."""
        lines = self.staged[target.frame]
        return and_(*(target.table.c[name] == lines.c[name] for name in target.natural_key))

    def rows(self, target: Target) -> Any:
        """The staged lines joined to the rows they are."""
        lines, table = self.staged[target.frame], target.table
        if not target.parent:
            return lines.join(table, self.same(target))
        parent = self.links[target.parent]
        return lines.join(parent, parent.c.linje == lines.c[PARENT]).join(
            table, and_(table.c[target.parent_id] == parent.c.id, self.same(target))
        )

    def compared(self, target: Target) -> Any:
        """The same, by the link where there is one."""
        link, lines = self.links.get(target.frame), self.staged[target.frame]
        if link is None:
            return self.rows(target)
        return lines.join(link, link.c.linje == lines.c[LINE]).join(
            target.table, target.table.c.id == link.c.id
        )

    def keep(self, target: Target, rows: Any, how: How) -> None:
        """Write the rows to their history before they are touched."""
        names, values = ended(target.model, self.delivery_id, how)
        query = select(*values).select_from(rows)
        self.connection.execute(insert(history_of(target.model)).from_select(names, query))

    def temporary(self, name: str, *columns: Column[Any], key: str = LINE) -> Table:
        """A table for the length of the merge."""
        first = Column(key, Integer, primary_key=True)
        table = Table(name, MetaData(), first, *columns, prefixes=["TEMPORARY"])
        table.create(self.connection)
        self._temporary.append(table)
        return table

    def drop_temporary(self) -> None:
        """Temporary tables outlive a transaction that holds, and the next merge needs their names."""
        for table in self._temporary:
            table.drop(self.connection)

    def count_anew(self, table: Table) -> None:
        """Tell PostgreSQL's planner how large a table has become; it guesses badly until then."""
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(f"ANALYZE {table.name}")

    def count(self, statement: Executable) -> int:
        """Rows touched; an INSERT tells only when asked to."""
        options = {"preserve_rowcount": True}
        return self.connection.execute(statement, execution_options=options).rowcount
