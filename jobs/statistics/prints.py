"""Prints: rows of a statistics file by their key, each key with a hash of what else its rows say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import polars as pl
from sqlalchemy import Connection, select

from jobs.register.tables import Outbound
from jobs.statistics.batches import batches
from jobs.statistics.feedback_list import key_of
from jobs.statistics.layout import Layout, layouts
from jobs.statistics.selection import SELECTIONS, Count
from jobs.statistics.texts import as_written

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Print:
    """The hash of the rows with a key, and the first line they stand on (0 outside a file)."""

    sha256: str
    linje: int = 0


def prints_of(
    written: Iterable[pl.DataFrame], layout: Layout, wanted: Collection[Key]
) -> dict[Key, Print]:
    """Key -> print, of the wanted keys that rows have; rows are texts, as `as_written` gives them."""
    names = key_of(layout)
    others = [name for name in layout.heading if name not in names]
    keys = pl.DataFrame(list(wanted), schema=dict.fromkeys(names, pl.String), orient="row")
    said: dict[Key, list[str]] = defaultdict(list)
    first: dict[Key, int] = {}
    for rows in written:
        found = rows.join(keys, on=names, how="semi", maintain_order="left")
        for row in found.iter_rows(named=True):
            key = tuple(row[name] for name in names)
            said[key].append("\x1f".join(row[name] for name in others))
            first.setdefault(key, row.get("linje", 0))
    return {
        key: Print(sha256("\x1e".join(sorted(rows)).encode()).hexdigest(), first[key])
        for key, rows in said.items()
    }


def count_of(sent: Outbound, known_at: datetime) -> Count:
    """What a delivery counted, by its manifest, as the register knew it at an instant."""
    said = sent.manifest
    day = date.fromisoformat(said["telledato"])
    return Count(said["fylkesnummer"], said["periode"], day, known_at)


def selected(
    connection: Connection, kind: str, count: Count, owners: Collection[str]
) -> Iterator[pl.DataFrame]:
    """The rows of a file as they would be written now, of some owners: the key's first variable."""
    layout, selection = layouts()[kind], SELECTIONS[kind]
    rows = selection.query(count).subquery()
    query = select(rows).where(rows.c[key_of(layout)[0]].in_(owners))
    for batch in batches(connection, query):
        yield as_written(selection.finish(batch), layout)
