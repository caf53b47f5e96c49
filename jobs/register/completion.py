"""Completion counts: how a school year's completion codes are spread in the register."""

from dataclasses import replace

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.quality.derived.completion import COUNTS
from jobs.register.datasets import SCHOOL, Extent
from jobs.register.pupils import Elevkurs


def completion_of_year_before(session: Session, extent: Extent) -> pl.DataFrame:
    """Count the extent's courses of the school year before by school, programme and code (COUNTS)."""
    start = int(extent.period[:4])
    before = replace(extent, period=f"{start - 1}{start}")
    key = (Elevkurs.skolenummer, Elevkurs.programomradekode, Elevkurs.fullfortkode)
    query = select(*key, func.count()).where(before.holds(SCHOOL.target("kurs"))).group_by(*key)
    return pl.DataFrame([tuple(row) for row in session.execute(query)], schema=COUNTS, orient="row")
