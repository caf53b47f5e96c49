"""Last year's completion codes: counted in the register, and told of in this year's last import."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.imports.inbox import scan_inbox, waiting_deliveries
from jobs.register.completion import completion_of_year_before
from jobs.register.tables import Violation
from tests.jobs.extracts import extract
from tests.jobs.frames import pupils
from tests.jobs.registers import VESTLAND, deliver
from tests.jobs.running import order, run

YEAR_END, COUNT = JOBS["import-school-year-end"], 100
LAST_YEAR = replace(VESTLAND, period="20252026")


def held_last_year(database, folder):
    """A hundred pupils of last year's at three schools, of whom a fourth did not pass."""
    codes = {n: {"fullfortkode": "I" if n % 4 == 0 else "B"} for n in range(COUNT)}
    frames = [
        frame.with_columns(skolear=pl.lit("20252026")) if "skolear" in frame.columns else frame
        for frame in pupils(COUNT, changes=codes)
    ]
    deliver(database, folder, frames, LAST_YEAR)


def test_the_year_before_is_counted_by_school_programme_and_code(database, tmp_path):
    held_last_year(database, tmp_path / "work")
    with Session(database) as session:
        found = completion_of_year_before(session, VESTLAND)
        of_others = completion_of_year_before(session, replace(VESTLAND, fylkesnummer="11"))
        this_year = completion_of_year_before(session, replace(VESTLAND, period="20272028"))
    by_code = dict(found.group_by("fullfortkode").agg(pl.col("antall").sum()).iter_rows())
    assert by_code == {"B": 75, "I": 25}
    assert found["skolenummer"].n_unique() == 3
    assert of_others.is_empty()
    assert this_year.is_empty()


def test_the_last_import_of_the_year_tells_what_has_changed(database, tmp_path):
    held_last_year(database, tmp_path / "work")
    folder, row = tmp_path / "inbox" / "46" / "slutt", "slutt"
    folder.mkdir(parents=True)
    passed = {n: {"fullfortkode": "B"} for n in range(COUNT)}
    (folder / "slutt.txt").write_bytes(extract(COUNT, changes=passed))
    now = datetime(2027, 6, 20, 8, 0, tzinfo=UTC)
    scan_inbox(database, tmp_path, now, {row: ("46",)}, timedelta(0))
    delivery = waiting_deliveries(database)[row, "46"]
    run(YEAR_END, order(YEAR_END, row, "only", delivery_id=delivery), database, tmp_path)
    with Session(database) as session:
        query = select(Violation).where(Violation.regel == "CR-FULL-05")
        found = session.scalars(query).all()
    assert len(found) == 2 * (3 + 1 + 1)  # two codes; three schools, one programme, one area
    assert {row.skolenummer for row in found} == {"46001", "46002", "46003", None}
    assert all(row.linje is None for row in found)
