"""Every delivery of the year, written from a synthetic county's register: golden bytes, on both databases."""

from datetime import date
from pathlib import Path

import pytest

from jobs.statistics.deliveries import deliveries
from jobs.statistics.extract import Extract
from jobs.statistics.layout import layouts
from jobs.statistics.prepare import prepare
from jobs.statistics.reader import read_text
from jobs.statistics.texts import misfits
from scheduler.calendar import load_calendar
from scheduler.calendar.kinds import Kind
from scheduler.settings import PROJECT_ROOT
from tests.jobs.statistics.synthetic import order_of, school_year

GOLDEN = Path(__file__).with_name("golden")
OCTOBER, JANUARY = date(2026, 10, 1), date(2027, 1, 1)
NEXT_YEAR = "2027-2028"
# The job, its row, stage, the day it leaves, its reference date, and the school year of the deadline.
LEFT = (
    ("deliver-ssbelev", "stat-ssbelev-l1", "first", date(2026, 10, 23), OCTOBER),
    ("deliver-ssbelev", "stat-ssbelev-endelig", "final", date(2026, 11, 6), OCTOBER),
    ("deliver-ssbresultat", "stat-ssbresultat-l1", "first", date(2027, 7, 15), None),
    (
        "deliver-ssbresultat-final",
        "stat-ssbresultat-endelig",
        "final",
        date(2027, 9, 24),
        None,
        NEXT_YEAR,
    ),
    ("deliver-contracts", "fag-ssbkontrakt-l1", "first", date(2026, 12, 4), OCTOBER),
    ("deliver-contracts", "fag-ssbkontrakt-endelig", "final", date(2027, 1, 15), OCTOBER),
    ("deliver-contracts-january", "fag-data-0101", "only", date(2027, 1, 8), JANUARY),
    ("deliver-contracts-monthly", "fag-udir-kontrakt-mnd", "4", date(2026, 11, 2), None),
    ("deliver-mediation", "fag-udirformidling-mnd", "2", date(2026, 9, 8), None),
    ("deliver-mediation", "fag-udirformidling-endelig", "final", date(2026, 11, 13), None),
    ("deliver-offices", "fag-nor-register", "1", date(2026, 10, 15), None),
    ("deliver-firms", "fag-laerebedrifter-0110", "only", date(2026, 10, 15), OCTOBER),
    ("deliver-adults", "vok-stat-feb", "only", date(2027, 2, 15), None),
    ("deliver-adults-year-end", "vok-stat-sep", "only", date(2026, 9, 15), None),
    ("deliver-applications", "inn-sokerdata-mar", "only", date(2027, 3, 15), None),
    ("deliver-intake", "inn-inntaksdata-jul", "only", date(2027, 7, 9), None),
)


def written_by(database, folder):
    """All deliveries of the year, written when the whole year is known: (extract, what was prepared)."""
    school_year(database, folder)
    for job, row, stage, day, reference, *cycle in LEFT:
        ordered = order_of(job, row, stage, day, reference, *cycle)
        extract = Extract.of(deliveries()[job], ordered)
        yield extract, prepare(database, extract, folder / "out" / f"{row}-{stage}")


def test_every_delivery_has_its_golden_bytes(database, tmp_path):
    differing = []
    for extract, prepared in written_by(database, tmp_path):
        place = GOLDEN / extract.occurrence_key.partition("/")[0]
        for file in prepared.files:
            golden, path = place / file.name, prepared.manifest.parent / file.name
            assert file.rows > 0
            if not golden.exists() or golden.read_bytes() != path.read_bytes():
                differing.append(path)  # look at it, and keep it in golden/ if it is right
            layout, convention = layouts()[file.kind], extract.delivery.convention
            rows = read_text(path, layout, convention)
            lines = rows["linje"].cast(str)
            assert not list(misfits(rows, lines, layout, convention, extract.count.telledato))
        assert not prepared.blocking
    assert differing == []


def test_every_delivery_of_the_calendar_has_its_job_and_is_tried_here():
    calendar = load_calendar(PROJECT_ROOT / "calendar.yaml")
    rows = {
        row.id: row.job
        for row in calendar.deliverables.values()
        if row.kind is Kind.DELIVERY and not row.id.startswith("ot-")
    }
    assert rows == {row: job for job, row, *_ in LEFT}


def test_every_declared_file_is_delivered_by_some_job():
    delivered = {kind for delivery in deliveries().values() for kind in delivery.files}
    assert delivered == set(layouts())


@pytest.mark.parametrize("job", deliveries())
def test_a_receiver_and_its_form_are_declared(job):
    calendar = load_calendar(PROJECT_ROOT / "calendar.yaml")
    receivers = {row.receiver for row in calendar.deliverables.values() if row.job == job}
    assert receivers == {deliveries()[job].receiver}
    assert deliveries()[job].convention.evidence == "I"
