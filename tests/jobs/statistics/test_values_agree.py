"""The selection computes in SQL what the pure functions say, on both databases."""

import random
from datetime import UTC, date, datetime, timedelta

import polars as pl
from sqlalchemy.orm import Session

from jobs.codelists import codes
from jobs.quality.values import Subject, antall_fag, break_counts_from, hours, kursprosent
from jobs.statistics.selection import Count
from jobs.statistics.selection.school import pupils
from tests.jobs import frames
from tests.jobs.registers import deliver

COUNT = Count("46", frames.SKOLEAR, date(2026, 10, 1), datetime(2026, 10, 23, tzinfo=UTC))
PROGRAMMES = ("STUSP1----", "BABAT1----", "PBPBY3----", "AOLOV0J---")
PUPILS = 150


def drawn():
    """Pupils whose subjects have any status, hours and break-off day around the limit."""
    rnd = random.Random(2026)
    extra = [f"SYN{n:04}" for n in range(8)]
    elev, kurs, fag = frames.pupils(PUPILS, extra_subjects=extra)
    programmes = {number: rnd.choice(PROGRAMMES) for number in elev["fodselsnummer"]}
    limit = break_counts_from(frames.SKOLEAR)
    statuses = [*codes("fagstatus"), "S", "S", None]
    rows = [
        row
        | {
            "programomradekode": programmes[row["fodselsnummer"]],
            "fagstatus": rnd.choice(statuses),
            "timer": rnd.choice([None, 0, *range(28, 198)]),
            "avbruddsdato": rnd.choice([None, *(limit + timedelta(days=n) for n in (-1, 0, 1))]),
        }
        for row in fag.iter_rows(named=True)
        if rnd.random() < 0.8
    ]
    moved = pl.col("fodselsnummer").replace_strict(programmes)
    return elev, kurs.with_columns(programomradekode=moved), pl.DataFrame(rows, schema=fag.schema)


def test_the_sql_and_the_pure_functions_agree(database, tmp_path):
    elev, kurs, fag = drawn()
    deliver(database, tmp_path / "load", (elev, kurs, fag))
    lines = {number: [] for number in elev["fodselsnummer"]}
    for row in fag.iter_rows(named=True):
        line = Subject(row["fagstatus"], row["timer"], row["avbruddsdato"])
        lines[row["fodselsnummer"]].append(line)
    with Session(database) as session:
        selected = session.execute(pupils(COUNT)).all()
    assert len(selected) == PUPILS
    for row in selected:
        own = lines[row.fodselsnummer]
        assert (row.arstimer, row.antall_fag, row.kursprosent) == (
            hours(own, frames.SKOLEAR),
            antall_fag(own),
            kursprosent(own, row.programomradekode, frames.SKOLEAR),
        )
    assert len({row.kursprosent for row in selected}) > 50
