"""The inbox takes in each finished file once, answers every other, and loses none."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from jobs.channels.files import safe_name
from jobs.imports.inbox import Outcome, scan_inbox, waiting_deliveries
from jobs.register.tables import Delivery, DeliveryState
from tests.jobs.frames import identity_number

NOW = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
COUNT = "skole-off-telling-okt"
ROUTES = {COUNT: ("03", "46")}


@pytest.fixture
def scan(database, tmp_path):
    """Scan the inbox as though every file had been quiet long enough."""

    def scan_now(quiet=timedelta(0)):
        return scan_inbox(database, tmp_path, NOW, ROUTES, quiet)

    scan_now()
    return scan_now


def put(tmp_path, name="telling.txt", content=b"TOF;1", county="46", deliverable=COUNT):
    path = tmp_path / "inbox" / county / deliverable / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def deliveries(database):
    with Session(database) as session:
        return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def returned(tmp_path, county="46"):
    return {path.name: path.read_text() for path in (tmp_path / "returns" / county).glob("*")}


def test_the_folders_are_there_before_the_first_file(scan, tmp_path):
    assert (tmp_path / "inbox" / "03" / COUNT).is_dir()
    assert scan() == []


def test_a_scan_that_is_killed_leaves_nothing_more_behind(scan, tmp_path, monkeypatch):
    hidden = sorted((tmp_path / "inbox").iterdir())
    monkeypatch.setattr("jobs.imports.inbox.os.walk", lambda _folder: _killed())
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            scan()
    assert sorted((tmp_path / "inbox").iterdir()) == hidden


def _killed():
    raise KeyboardInterrupt


def test_a_finished_file_becomes_a_waiting_delivery_and_lies_in_the_archive(
    database, scan, tmp_path
):
    path = put(tmp_path)
    (arrival,) = scan()
    assert (arrival.outcome, arrival.county) == (Outcome.ACCEPTED, "46")
    (delivery,) = deliveries(database)
    assert (tmp_path / delivery.archived_as).read_bytes() == b"TOF;1"
    assert (delivery.state, delivery.bytes, delivery.received_at) == ("waiting", 5, NOW)
    assert not path.exists()
    assert waiting_deliveries(database) == {(COUNT, "46"): delivery.id}


@pytest.mark.parametrize("name", ["telling.txt.part", "telling.tmp", ".telling.txt", "~telling"])
def test_a_file_that_says_it_is_unfinished_is_left_alone(scan, tmp_path, name):
    path = put(tmp_path, name)
    assert scan() == []
    assert path.exists()


def test_a_file_still_being_written_is_left_alone_until_it_is_quiet(scan, tmp_path):
    path = put(tmp_path)
    assert scan(timedelta(seconds=60)) == []
    os.utime(path, (time.time() - 120,) * 2)
    assert [arrival.outcome for arrival in scan(timedelta(seconds=60))] == [Outcome.ACCEPTED]


def test_the_same_content_again_is_answered_and_makes_no_new_delivery(database, scan, tmp_path):
    put(tmp_path)
    scan()
    put(tmp_path, "samme med nytt navn.txt")
    (arrival,) = scan()
    assert arrival.outcome is Outcome.DUPLICATE
    assert len(deliveries(database)) == 1
    ((name, text),) = returned(tmp_path).items()
    assert name == "samme_med_nytt_navn.txt.allerede-mottatt.txt"
    assert "allerede mottatt" in text
    assert "«telling.txt»" in text
    assert scan() == []


def test_the_answer_to_a_duplicate_tells_what_became_of_the_first(database, scan, tmp_path):
    put(tmp_path)
    scan()
    with Session(database) as session, session.begin():
        session.scalars(select(Delivery)).one().state = DeliveryState.REFUSED.value
    put(tmp_path)
    scan()
    assert "Den er avvist." in next(iter(returned(tmp_path).values()))


def test_the_same_name_with_other_content_is_a_new_delivery(database, scan, tmp_path):
    put(tmp_path)
    scan()
    put(tmp_path, content=b"TOF;2")
    scan()
    paths = {tmp_path / delivery.archived_as for delivery in deliveries(database)}
    assert {path.read_bytes() for path in paths} == {b"TOF;1", b"TOF;2"}


def test_the_oldest_waiting_delivery_comes_first(database, scan, tmp_path):
    for n, content in enumerate((b"newer", b"older")):
        path = put(tmp_path, f"{n}.txt", content)
        os.utime(path, (1_000_000 - n,) * 2)
    scan()
    (first, _second) = deliveries(database)
    assert (tmp_path / first.archived_as).read_bytes() == b"older"
    assert waiting_deliveries(database) == {(COUNT, "46"): first.id}


@pytest.mark.parametrize(
    ("where", "content", "words"),
    [
        ({"county": "99"}, b"x", "Fylkesnummeret «99» finnes ikke"),
        ({"deliverable": "ukjent"}, b"x", "Mappen «ukjent» er ikke en leveranse"),
        ({"deliverable": "."}, b"x", "feil mappe"),
        ({}, b"", "Filen er tom"),
    ],
)
def test_what_cannot_be_taken_in_is_answered_and_set_aside(
    database, scan, tmp_path, where, content, words
):
    path = put(tmp_path, content=content, **where)
    (arrival,) = scan()
    assert arrival.outcome is Outcome.REJECTED
    assert deliveries(database) == []
    assert words in returned(tmp_path, where.get("county", "46"))["telling.txt.avvist.txt"]
    assert not path.exists()
    (kept,) = (path for path in (tmp_path / "rejected").rglob("*") if path.is_file())
    assert kept.read_bytes() == content
    assert scan() == []


def link_to_a_file(tmp_path, path):
    (tmp_path / "secret.txt").write_bytes(b"secret")
    path.symlink_to(tmp_path / "secret.txt")


def link_to_nothing(tmp_path, path):
    path.symlink_to(tmp_path / "nowhere")


def link_to_a_folder(tmp_path, path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.txt").write_bytes(b"secret")
    path.symlink_to(tmp_path / "secrets")


def pipe(_tmp_path, path):
    os.mkfifo(path)


@pytest.mark.parametrize("make", [link_to_a_file, link_to_nothing, link_to_a_folder, pipe])
def test_what_is_no_file_is_answered_and_removed_and_never_followed(database, scan, tmp_path, make):
    path = tmp_path / "inbox" / "46" / COUNT / "telling.txt"
    make(tmp_path, path)
    (arrival,) = scan()
    assert (arrival.outcome, arrival.county) == (Outcome.REJECTED, "46")
    assert "Ikke en vanlig fil" in returned(tmp_path)["telling.txt.avvist.txt"]
    assert not os.path.lexists(path)
    assert deliveries(database) == []
    assert not (tmp_path / "rejected").exists()
    assert all(kept.read_bytes() == b"secret" for kept in tmp_path.rglob("secret.txt"))
    assert scan() == []


def test_a_crash_between_the_rename_and_the_row_loses_nothing(database, scan, tmp_path):
    put(tmp_path)
    scan()
    with Session(database) as session, session.begin():
        session.execute(delete(Delivery))
    (arrival,) = scan()
    assert (arrival.outcome, arrival.file_name) == (Outcome.ADOPTED, "telling.txt")
    assert [delivery.state for delivery in deliveries(database)] == ["waiting"]
    assert scan() == []


def test_two_nodes_that_scan_at_once_take_a_file_in_once(database, scan, tmp_path):
    for n in range(20):
        put(tmp_path, f"{n}.txt", str(n).encode())
    with ThreadPoolExecutor(2) as nodes:
        both = [nodes.submit(scan) for _ in range(2)]
        taken = [arrival for node in both for arrival in node.result()]
    assert len(deliveries(database)) == 20
    assert {arrival.delivery_id for arrival in taken} == {row.id for row in deliveries(database)}
    assert not (tmp_path / "returns").exists()


def test_an_identity_number_in_a_file_name_is_not_carried_on(database, scan, tmp_path):
    number = identity_number(0)
    put(tmp_path, f"elev {number}.txt")
    scan()
    (delivery,) = deliveries(database)
    assert number not in delivery.file_name + delivery.archived_as


@given(st.text(min_size=1, max_size=300))
@example("ø" * 200)
@example("\N{DESERET CAPITAL LETTER LONG I}" * 99)
def test_a_safe_name_is_a_name_of_one_file(name):
    safe = safe_name(f"x{name}")
    assert safe
    assert len(safe.encode()) < 256 - len(".allerede-mottatt.txt") - 13
    assert "/" not in safe
    assert "\0" not in safe
    assert safe_name(safe) == safe
