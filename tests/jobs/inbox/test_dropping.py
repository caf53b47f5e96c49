"""A file that is dropped lies in the inbox whole, under a name of its own, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from jobs.api import Refusal
from jobs.imports.dropping import MEGABYTE, drop, must_be_open
from jobs.imports.inbox import Outcome, scan_inbox

NOW = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
COUNT = "skole-off-telling-okt"
ROUTES = {COUNT: ("46",)}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "inbox" / "46" / COUNT


def left_in(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_dropped_file_is_taken_in_by_the_scan(database, tmp_path, folder):
    dropped = drop(folder, "telling.txt", [b"TOF;", b"1"], 1)
    (arrival,) = scan_inbox(database, tmp_path, NOW, ROUTES, timedelta(0))
    assert (arrival.outcome, arrival.file_name) == (Outcome.ACCEPTED, "telling.txt")
    assert dropped.bytes == 5
    assert left_in(folder) == []


def test_a_transfer_that_breaks_off_leaves_nothing(folder):
    def broken():
        yield b"TOF;"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        drop(folder, "telling.txt", broken(), 1)
    assert left_in(folder) == []


def test_half_a_file_is_hidden_from_the_scan(database, tmp_path, folder):
    def scanned_midway():
        yield b"TOF;"
        assert scan_inbox(database, tmp_path, NOW, ROUTES, timedelta(0)) == []
        yield b"1"

    assert drop(folder, "telling.txt", scanned_midway(), 1).bytes == 5


def test_a_file_of_the_limit_is_taken_and_one_byte_more_is_refused(folder):
    drop(folder, "stor.txt", [bytes(MEGABYTE)], 1)
    with pytest.raises(Refusal, match="større enn 1 MB"):
        drop(folder, "for-stor.txt", [bytes(MEGABYTE), b"1"], 1)
    assert left_in(folder) == ["stor.txt"]


def test_files_of_one_name_at_the_same_time_are_all_kept(folder):
    with ThreadPoolExecutor(4) as pool:
        dropped = list(pool.map(lambda n: drop(folder, "a.txt", [b"%d" % n], 1), range(4)))
    assert sorted(file.name for file in dropped) == ["a-2.txt", "a-3.txt", "a-4.txt", "a.txt"]
    assert {path.read_bytes() for path in folder.iterdir()} == {b"0", b"1", b"2", b"3"}


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a", "a\\b.txt", "a\0b", "", "..", ".a", "a.part"]
)
def test_a_path_or_an_unfinished_name_is_refused(folder, name):
    with pytest.raises(Refusal, match="Filnavnet"):
        drop(folder, name, [b"1"], 1)
    assert left_in(folder) == []


def test_an_empty_file_is_refused(folder):
    with pytest.raises(Refusal, match="tom"):
        drop(folder, "tom.txt", [], 1)
    assert left_in(folder) == []


def test_a_sender_without_the_route_is_refused():
    with pytest.raises(Refusal, match="leverer ikke"):
        must_be_open(ROUTES, "03", COUNT)
    with pytest.raises(Refusal, match=COUNT):
        must_be_open(ROUTES, "46", "finnes-ikke")
