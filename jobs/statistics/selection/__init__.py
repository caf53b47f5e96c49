"""Which rows each statistics file holds: one ordered query over the register as it was known.

A query gives every field the register fills under the field's own name, what it is sorted by, the
import's line (`linje`), and what a finishing function needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Dialect

from jobs.statistics.layout import layouts
from jobs.statistics.selection import applicants, apprentices, school
from jobs.statistics.selection.count import Count, Rows, in_order

__all__ = ["SELECTIONS", "Count", "Rows", "Selection"]


def _as_it_is(batch: pl.DataFrame) -> pl.DataFrame:
    return batch


@dataclass(frozen=True, slots=True)
class Selection:
    """A file's query, and what is worked out of each batch of its rows."""

    name: str
    query: Callable[[Count], Rows]
    finish: Callable[[pl.DataFrame], pl.DataFrame] = _as_it_is

    def ordered(self, count: Count, dialect: Dialect) -> Rows:
        """The query in the order that the layout declares."""
        return in_order(self.query(count), layouts()[self.name], dialect)


SELECTIONS: Mapping[str, Selection] = {
    selection.name: selection
    for selection in (
        Selection("ssbElev", school.pupils, school.as_on_the_day),
        Selection("ssbElevFag", school.subjects),
        Selection("ssbResultat", school.results),
        Selection("ssbResultatFag", school.grades),
        Selection("ssbKontrakt", apprentices.contracts),
        Selection("ssbAvlagteProver", apprentices.tests),
        Selection("NOR", apprentices.offices),
        Selection("Larebedrifter", apprentices.firms),
        Selection("Sokerdata", applicants.applications),
        Selection("Inntaksdata", applicants.intake),
        Selection("UdirFormidling", applicants.mediation),
        Selection("Voksensokere", applicants.adults, applicants.with_age_and_sex),
    )
}
