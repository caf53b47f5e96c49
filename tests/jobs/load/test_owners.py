"""Public and private schools deliver apart: each file is held against its own owner's schools."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.codelists import schools
from jobs.imports.inbox import scan_inbox, waiting_deliveries
from jobs.register.pupils import Elevkurs
from jobs.register.schools import sync_schools
from jobs.register.tables import School, Violation
from tests.jobs.extracts import extract
from tests.jobs.running import order, run

PUBLIC = ("import-school", "skole-off-telling-okt")
PRIVATE = ("import-private", "skole-priv-telling-okt")


@pytest.fixture
def receive(database, tmp_path):
    def receive_one(kind, content):
        job, deliverable = kind
        folder = tmp_path / "inbox" / "46" / deliverable
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "telling.txt").write_bytes(content)
        now = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
        scan_inbox(database, tmp_path, now, {deliverable: ("46",)}, timedelta(0))
        delivery_id = waiting_deliveries(database)[deliverable, "46"]
        ordered = order(JOBS[job], deliverable, "only", delivery_id=delivery_id)
        return run(JOBS[job], ordered, database, tmp_path)

    return receive_one


def broken(session):
    """The rules whose violation sets a pupil aside, that were broken."""
    return set(session.scalars(select(Violation.regel).where(Violation.alvor == "ERROR")))


def at_private_schools(content):
    """The same extract, of pupils who go to private schools."""
    return content.replace(b"4600", b"4684")


def test_the_register_takes_the_owner_from_the_list(database):
    with Session(database) as session, session.begin():
        assert sync_schools(session) == schools().height
        held = Counter(session.scalars(select(School.eierform)))
        assert held == Counter(schools()["eierform"])
        assert session.get_one(School, "46841").eierform == "privat"
        assert sync_schools(session) == 0


def test_a_private_file_loads_pupils_of_private_schools(database, receive):
    receive(PRIVATE, at_private_schools(extract(20)))
    with Session(database) as session:
        assert set(session.scalars(select(Elevkurs.skolenummer))) == {"46841", "46842", "46843"}
        assert not broken(session)


@pytest.mark.parametrize(
    ("kind", "content"),
    [(PUBLIC, at_private_schools(extract(20))), (PRIVATE, extract(20))],
    ids=["private schools in a public file", "public schools in a private file"],
)
def test_schools_of_another_owner_are_no_schools_of_the_delivery(
    database, receive, tmp_path, kind, content
):
    with pytest.raises(Refusal):
        receive(kind, content)
    with Session(database) as session:
        assert not session.scalars(select(Elevkurs)).all()
    assert list((tmp_path / "returns" / "46").glob("*.holdt-igjen.txt"))


def test_a_pupil_of_a_private_school_is_set_aside_from_a_public_file(database, receive):
    lines = extract(20).split(b"\r\n")
    pupil = lines[-2].split(b";")[1]
    moved = [at_private_schools(line) if pupil in line else line for line in lines]
    receive(PUBLIC, b"\r\n".join(moved))
    with Session(database) as session:
        assert broken(session) == {"CR-KODE-05"}
        assert len(session.scalars(select(Elevkurs)).all()) == 19


def test_a_later_private_file_ends_no_pupil_of_a_public_school(database, receive):
    receive(PUBLIC, extract(20))
    receive(PRIVATE, at_private_schools(extract(20)))
    with Session(database) as session:
        held = Counter(number[2:4] for number in session.scalars(select(Elevkurs.skolenummer)))
    assert held == {"00": 20, "84": 20}
