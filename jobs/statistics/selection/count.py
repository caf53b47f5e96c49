"""The count: what a file is asked to speak for, and the register as it was known when it was asked."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, String, Subquery, case, collate, func, null

from jobs.register.history import as_of
from jobs.register.tables import RegisterBase
from jobs.statistics.layout import Layout

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Count:
    """A county's rows of a period, as they stand on the reference date and were known at an instant.

    `period` is a school year ("20262027") or a year of applicants ("2027"). Two times meet here: the
    reference date is of the world, `known_at` (aware) of the register. What was corrected afterwards
    counts from the file that is asked for later; what happens afterwards never does.
    """

    fylkesnummer: str
    period: str
    telledato: date
    known_at: datetime

    def of(self, model: type[RegisterBase]) -> Subquery:
        """The model's rows as they were known."""
        return as_of(model, self.known_at)

    @cached_property
    def year_before(self) -> date:
        """The day a year before the reference date."""
        return self.telledato.replace(year=self.telledato.year - 1)


def happened(day: ColumnElement[Any], by: date, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value that came with a day: nothing when that day is after the reference date."""
    return case((day <= by, value), else_=null())


def in_order(query: Rows, layout: Layout, dialect: Dialect) -> Rows:
    """Sort by code point, whatever the database's collation: the same bytes from every database."""
    binary = "C" if dialect.name == "postgresql" else "BINARY"
    may_be_empty = {field.variable for field in layout.selected if not field.required}
    columns = {name: query.selected_columns[name] for name in layout.order}
    return query.order_by(*(_key(c, binary, n in may_be_empty) for n, c in columns.items()))


def _key(column: ColumnElement[Any], binary: str, may_be_empty: bool) -> ColumnElement[Any]:
    if not isinstance(column.type, String):
        return column
    return collate(func.coalesce(column, "") if may_be_empty else column, binary)


def home_county(municipality: ColumnElement[Any]) -> ColumnElement[Any]:
    """The county number of a municipality number."""
    return func.substr(municipality, 1, 2)
