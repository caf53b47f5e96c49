"""Trend: a file beside the sender's one before it and last year's."""

from functools import partial

import pytest
from sqlalchemy.orm import Session

from jobs.imports.report import write_report
from jobs.register.datasets import SCHOOL, Extent
from jobs.register.tables import Delivery
from jobs.register.trend import Beside, by_rule, by_school, series_of
from tests.jobs.frames import pupils, violations
from tests.jobs.registers import deliver

LAST_YEAR = Extent(SCHOOL, "46", "20252026", "offentlig")


def broken(count, rule="CR-DATE-01"):
    place = {"skolenummer": "46001", "forklaring": "x", "linjetype": "EK"}
    return violations(
        *({"regel": rule, "alvor": "ERROR", "linje": n, **place} for n in range(count))
    )


@pytest.fixture
def three(database, tmp_path):
    """Last year's file, this year's first and its correction."""
    send = partial(deliver, database, tmp_path / "work")
    year_before = [
        frame.with_columns(skolear=frame["skolear"].str.replace(".*", "20252026"))
        if "skolear" in frame.columns
        else frame
        for frame in pupils(6)
    ]
    send(year_before, LAST_YEAR, broken(5))
    send(pupils(9), broken=broken(3))
    send(pupils(12), broken=broken(1))
    return database


def test_a_rule_is_counted_now_in_the_file_before_and_last_year(three):
    with Session(three) as session:
        series = series_of(session, session.get_one(Delivery, 3))
        (row,) = by_rule(session, series)
        assert (row.regel, row.count) == ("CR-DATE-01", Beside(1, 3, 5))
        assert by_rule(session, series, "46002") == []


def test_a_school_is_counted_the_same_way(three):
    with Session(three) as session:
        schools = by_school(session, series_of(session, session.get_one(Delivery, 3)))
    first = schools[0]
    assert (first.skolenummer, first.lines["kurs"]) == ("46001", Beside(4, 3, 2))
    assert first.lines["fag"] == Beside(8, 6, 4)
    assert first.broken["ERROR"] == Beside(1, 3, 5)


def test_the_first_file_there_is_has_nothing_beside_it(three):
    with Session(three) as session:
        (row,) = by_rule(session, series_of(session, session.get_one(Delivery, 1)))
    assert row.count == Beside(5, None, None)


def test_the_report_has_the_trend_and_each_school_its_own(three, tmp_path):
    with Session(three) as session:
        page, sheet, schools = write_report(session, session.get_one(Delivery, 3), tmp_path / "ut")
    assert '<td class="number">1</td><td class="number">3</td><td class="number">5</td>' in (
        page.read_text(encoding="utf-8")
    )
    head, first, *_ = schools.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("skolenummer;skole;elevkurs;elevkurs_forrige;elevkurs_i_fjor;faglinjer")
    assert first.startswith("46001;")
    assert first.endswith(";4;3;2;8;6;4;1;3;5;0;;")
    own = page.with_suffix("")
    assert sorted(path.name for path in own.iterdir()) == ["46001.csv", "46001.html"]
    assert "for Syntetisk vgs 01" in (own / "46001.html").read_text(encoding="utf-8")
    assert len(sheet.read_text(encoding="utf-8-sig").splitlines()) == 2
