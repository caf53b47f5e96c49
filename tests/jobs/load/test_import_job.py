"""The import from a file in the inbox to a receipt: whole, held, or refused."""

import csv
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.imports.inbox import scan_inbox, waiting_deliveries
from jobs.register.deliveries import held_delivery, latest_deliveries
from jobs.register.pupils import Elevkurs
from jobs.register.tables import Delivery, Quarantine, Violation
from tests.jobs.extracts import extract
from tests.jobs.frames import SKOLEAR, identity_number
from tests.jobs.running import order, run

IMPORT = JOBS["import-school"]
COUNT = "skole-off-telling-okt"
BROKEN_DATES = {2: {"startdato": date(2026, 9, 1), "avbruddsdato": date(2026, 8, 20)}}


@pytest.fixture
def receive(database, tmp_path):
    """Put a file in the inbox, take it in and import it; returns the last step's facts."""
    numbers = iter(range(1, 100))

    def receive_one(content, until=None, name="telling.txt", **inputs):
        folder = tmp_path / "inbox" / "46" / COUNT
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        now = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
        scan_inbox(database, tmp_path, now, {COUNT: ("46",)}, timedelta(0))
        delivery_id = waiting_deliveries(database)[COUNT, "46"]
        ordered = order(
            IMPORT, COUNT, "only", number=next(numbers), delivery_id=delivery_id, **inputs
        )
        return run(IMPORT, ordered, database, tmp_path, until)

    return receive_one


@pytest.fixture
def again(database, tmp_path):
    """Run the import of a delivery once more."""

    def run_again(delivery_id, number, **inputs):
        ordered = order(IMPORT, COUNT, "only", number=number, delivery_id=delivery_id, **inputs)
        return run(IMPORT, ordered, database, tmp_path)

    return run_again


def count(database, model):
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(model))


def states(database):
    with Session(database) as session:
        return session.scalars(select(Delivery.state).order_by(Delivery.id)).all()


def test_a_file_is_loaded_reported_and_acknowledged(database, receive, tmp_path):
    receipt = receive(extract(20))["receipt"]
    assert receipt["detail"]["elevkurs"] == 20
    assert receipt["detail"]["datalinjer"] == 80
    assert receipt["detail"]["mottatt"] == "02.10.2026 kl. 12.00"
    assert (count(database, Elevkurs), states(database)) == (20, ["loaded"])
    returned = tmp_path / "returns" / "46"
    acknowledged = json.loads((returned / receipt["reference"]).read_text())
    assert acknowledged == receipt["detail"]
    page = (returned / acknowledged["kontrollrapport"][0]).read_text()
    assert "Ingen feil. Filen er lastet." in page
    assert not list((tmp_path / "work").iterdir())


def test_importing_the_same_delivery_again_changes_nothing(database, receive, again):
    receive(extract(20))
    repeated = again(1, 2)["receipt"]["detail"]
    assert (repeated["nye"], repeated["endret"], repeated["avsluttet"]) == (0, 0, 0)
    assert states(database) == ["loaded"]


def test_a_pupil_with_an_error_is_set_aside_and_the_others_are_loaded(database, receive):
    receipt = receive(extract(20, changes=BROKEN_DATES))["receipt"]
    assert receipt["detail"]["elever"] == 19
    assert receipt["detail"]["karantene"] == count(database, Quarantine) == 4
    assert receipt["detail"]["feil"] >= 1
    with Session(database) as session:
        found = session.scalars(select(Violation).where(Violation.regel == "CR-DATE-01")).all()
    assert [violation.linjetype for violation in found] == ["EK"]
    assert [violation.linje for violation in found] == [11]


def test_the_report_names_lines_and_never_a_person(receive, tmp_path):
    names = receive(extract(20, changes=BROKEN_DATES))["report"]
    returned = tmp_path / "returns" / "46"
    page, sheet, schools = ((returned / name).read_bytes().decode("utf-8-sig") for name in names)
    assert "feil må rettes" in page
    (row, *_) = [
        row
        for row in csv.DictReader(sheet.splitlines(), delimiter=";")
        if row["regel"] == "CR-DATE-01"
    ]
    assert row["linje"] == "11"
    for content in (page, sheet, schools):
        assert identity_number(2) not in content
        assert "Prøve2" not in content


def test_a_refused_file_loads_nothing_and_says_why(database, receive, tmp_path):
    receive(extract(20))
    with pytest.raises(Refusal, match="80 datalinjer"):
        receive(extract(19, announced=80))
    assert states(database) == ["loaded", "refused"]
    assert count(database, Elevkurs) == 20
    (answer,) = (tmp_path / "returns" / "46").glob("*.avvist.txt")
    assert "80 datalinjer" in answer.read_text()
    with Session(database) as session:
        (fault,) = session.scalars(select(Violation).where(Violation.delivery_id == 2))
        assert (fault.regel, fault.alvor) == ("FIL", "ERROR")
        assert latest_deliveries(session, COUNT)["46"].errors == 1
    assert waiting_deliveries(database) == {}


def test_a_file_from_another_county_is_refused(receive):
    with pytest.raises(Refusal, match="fylke 46"):
        receive(extract(2, county="03"))


def test_a_file_that_would_end_much_is_held_until_a_person_approves(database, receive, again):
    receive(extract(20))
    with pytest.raises(Refusal, match="avsluttet 5 av 20 elevkurs"):
        receive(extract(15))
    assert states(database) == ["loaded", "held"]
    assert count(database, Elevkurs) == 20
    again(2, 3, approved=True)
    assert states(database) == ["superseded", "loaded"]
    assert count(database, Elevkurs) == 15


def test_a_held_file_is_answered_with_what_the_sender_should_do(receive, tmp_path):
    receive(extract(20))
    with pytest.raises(Refusal):
        receive(extract(15))
    (answer,) = (tmp_path / "returns" / "46").glob("*_telling.txt.holdt-igjen.txt")
    assert "avsluttet 5 av 20 elevkurs" in answer.read_text()
    assert "vent: filen lastes når mottakeren har godkjent den" in answer.read_text()
    assert "lever en hel fil" in answer.read_text()


def test_what_is_held_is_the_newest_held_file_until_a_newer_one_is_loaded(database, receive):
    def held():
        with Session(database) as session:
            return held_delivery(session, COUNT, "46", SKOLEAR)

    receive(extract(20))
    assert held() is None
    for pupils_left in (15, 14):
        with pytest.raises(Refusal):
            receive(extract(pupils_left))
    with pytest.raises(Refusal, match="80 datalinjer"):
        receive(extract(13, announced=80))
    assert held() == 3
    with Session(database) as session:
        assert held_delivery(session, COUNT, "46", "20272028") is None
        assert held_delivery(session, COUNT, "03", SKOLEAR) is None
    receive(extract(19))
    assert held() is None


@pytest.mark.parametrize(("number", "same"), [(100_000, False), (10_000, True)])
def test_a_file_with_endless_subjects_of_one_pupil_loads_without_that_pupil(
    database, receive, number, same
):
    receipt = receive(with_subjects(extract(20), number, same=same))["receipt"]
    assert receipt["detail"]["elevkurs"] == count(database, Elevkurs) == 19
    assert receipt["detail"]["karantene"] == count(database, Quarantine) == number + 4
    assert states(database) == ["loaded"]


def with_subjects(content, number, *, same):
    """The extract with `number` subject lines added for the pupil of the last line."""
    *_, last = content.splitlines()
    added = [last if same else last.replace(b";MAT1019;", b";X%06d;" % n, 1) for n in range(number)]
    announced = content.replace(b"TOF;80;", b"TOF;%d;" % (80 + number), 1)
    return announced + b"".join(line + b"\r\n" for line in added)


def test_one_in_twenty_may_end_without_asking(database, receive):
    receive(extract(20))
    receive(extract(19))
    assert count(database, Elevkurs) == 19


@pytest.mark.parametrize("stopped_after", ["control", "load", "report"])
def test_an_import_that_stopped_and_began_again_ends_the_same(
    database, receive, again, stopped_after
):
    receive(extract(20), until=stopped_after)
    again(1, 1)
    assert (count(database, Elevkurs), states(database)) == (20, ["loaded"])


def test_the_newest_delivery_of_each_county_is_found_with_its_counts(database, receive):
    receive(extract(20, changes=BROKEN_DATES))
    receive(extract(20))
    with Session(database) as session:
        newest = latest_deliveries(session, COUNT)
    assert (newest["46"].id, newest["46"].state, newest["46"].errors) == (2, "loaded", 0)


YEAR_END = JOBS["import-school-year-end"]


def test_an_extract_of_october_never_replaces_one_of_june(database, receive, tmp_path):
    receive(extract(20))
    with Session(database) as session, session.begin():
        session.get_one(Delivery, 1).job = YEAR_END.name
    with pytest.raises(Refusal, match="hører til senere i skoleåret"):
        receive(extract(21), name="sent.txt")
    assert states(database) == ["loaded", "refused"]
    assert count(database, Elevkurs) == 20


def test_a_file_with_errors_in_many_pupils_waits_for_a_person(database, receive, again):
    broken = dict.fromkeys(range(5), BROKEN_DATES[2])
    with pytest.raises(Refusal, match="5 av 20 personer i filen har feil"):
        receive(extract(20, changes=broken))
    assert (count(database, Elevkurs), states(database)) == (0, ["held"])
    again(1, 2, approved=True)
    assert (count(database, Elevkurs), states(database)) == (15, ["loaded"])
