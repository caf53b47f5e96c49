"""Candidates: one reading of the register to who is transferred, as job and dry run both do it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Engine

from jobs.ot import facts, report, selection
from jobs.ot.catalogue import Category
from jobs.ot.reading import read
from jobs.ot.transfer import Transfer
from jobs.statistics.batches import snapshot


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of some categories, with their counts; for the county's own youth the overlap."""

    candidates: pl.DataFrame
    told: dict[str, Any]


def find(engine: Engine, transfer: Transfer, categories: Collection[str]) -> Found:
    """The candidates of the categories; rules of others still decide whose a candidate is."""
    with snapshot(engine) as connection:
        tables = read(connection, transfer)
    everyone = selection.select(facts.derive(tables, transfer))
    chosen = everyone.filter(pl.col("kategori").is_in(list(categories)))
    told = report.counts(chosen)
    if Category.YOUTH in categories:
        told["overlapp"] = report.overlap(everyone, tables["linje"], transfer)
    return Found(chosen, told)
