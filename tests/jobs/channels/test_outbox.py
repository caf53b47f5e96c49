"""The outbox: a parcel lies there whole or not at all, once, and is acknowledged."""

import errno
import json
import os
import resource
import subprocess
from contextlib import contextmanager
from hashlib import sha256

import pytest

from jobs.api import Refusal
from jobs.channels.files import spreadsheet_safe, write_whole
from jobs.channels.outbox import Parcel, hand_over
from jobs.fencing import fenced

BIG = b"x" * 200_000


@pytest.fixture
def parcel(tmp_path):
    """A parcel with a file of the given content."""

    def make(content=b"a;b\r\n", key="stat-ssbelev-l1/2026-2027/first/46"):
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        for name, text in (("ssbElev.csv", content), ("manifest.json", b"{}")):
            (folder / name).write_bytes(text)
        return Parcel("ssb", key, [folder / "ssbElev.csv", folder / "manifest.json"])

    return make


def _all_files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_parcel_lies_whole_in_the_receivers_folder_with_a_receipt(parcel, tmp_path):
    receipt = hand_over(tmp_path / "outbox", parcel())
    folder = tmp_path / "outbox" / "ssb" / "stat-ssbelev-l1_2026-2027_first_46"
    assert _all_files(folder) == ["kvittering.json", "manifest.json", "ssbElev.csv"]
    assert receipt["reference"] == folder.name
    assert receipt["sha256"]["ssbElev.csv"] == sha256(b"a;b\r\n").hexdigest()
    assert json.loads((folder / "kvittering.json").read_text())["sha256"] == receipt["sha256"]
    assert list((tmp_path / "outbox" / "ssb").iterdir()) == [folder]


def test_handing_over_again_gives_the_same_receipt_and_no_second_parcel(parcel, tmp_path):
    outbox = tmp_path / "outbox"
    assert hand_over(outbox, parcel()) == hand_over(outbox, parcel())
    assert len(list((outbox / "ssb").iterdir())) == 1


def test_a_crash_before_the_receipt_is_mended_by_looking_up(parcel, tmp_path):
    outbox = tmp_path / "outbox"
    first = hand_over(outbox, parcel())
    (receipt,) = outbox.rglob("kvittering.json")
    receipt.unlink()
    assert hand_over(outbox, parcel()) == first
    assert receipt.exists()


def test_what_a_process_that_died_had_begun_does_not_stay_with_the_receiver(parcel, tmp_path):
    folder = tmp_path / "outbox" / "ssb" / ".stat-ssbelev-l1_2026-2027_first_46.0a1b2c3d.part"
    other = folder.with_name(".stat-ssbelev-l1_2026-2027_first_03.0a1b2c3d.part")
    for begun in (folder, other):
        begun.mkdir(parents=True)
        (begun / "ssbElev.csv").write_bytes(b"a")
    hand_over(tmp_path / "outbox", parcel())
    assert not folder.exists()
    assert other.exists()


def test_a_step_clears_away_what_its_dead_forerunner_had_begun_of_a_file(tmp_path):
    left, other = tmp_path / ".svar.txt.0a1b2c3d.part", tmp_path / ".svar.txt.x.0a1b2c3d.part"
    for begun in (left, other):
        begun.write_bytes(b"half")
    write_whole(tmp_path / "svar.txt", [b"a"])
    assert left.exists()  # outside a step, another may be writing it
    with fenced(lambda: None):
        write_whole(tmp_path / "svar.txt", [b"a"])
    assert not left.exists()
    assert other.exists()


def test_other_content_under_the_same_key_asks_a_person(parcel, tmp_path):
    outbox = tmp_path / "outbox"
    hand_over(outbox, parcel())
    with pytest.raises(Refusal, match="Noe annet er alt levert"):
        hand_over(outbox, parcel(b"c;d\r\n"))
    (delivered,) = outbox.rglob("ssbElev.csv")
    assert delivered.read_bytes() == b"a;b\r\n"


def test_a_delivered_file_that_was_tampered_with_is_not_acknowledged(parcel, tmp_path):
    outbox = tmp_path / "outbox"
    hand_over(outbox, parcel())
    next(outbox.rglob("ssbElev.csv")).write_bytes(b"other")
    with pytest.raises(Refusal, match="Noe annet er alt levert"):
        hand_over(outbox, parcel())


@contextmanager
def _small_disk(folder):
    """A real file system of 64 kB in the folder, where the machine lets us mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("maskinen lar oss ikke montere et lite filsystem")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def _small_files(_folder):
    """The system's own limit on the size of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [_small_disk, _small_files])
def test_a_full_disk_is_named_leaves_nothing_and_is_no_trouble_afterwards(parcel, tmp_path, limit):
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    sent = parcel(BIG)
    with limit(outbox):
        with pytest.raises(Refusal, match="Disken har ikke plass"):
            hand_over(outbox, sent)
        assert _all_files(outbox) == []
    hand_over(outbox, sent)
    assert next(outbox.rglob("ssbElev.csv")).read_bytes() == BIG


def test_a_full_disk_keeps_the_file_that_was_there(tmp_path):
    path = tmp_path / "kvittering.json"
    write_whole(path, [b"old"])
    with _small_files(tmp_path), pytest.raises(Refusal):
        write_whole(path, [BIG])
    assert path.read_bytes() == b"old"
    assert _all_files(tmp_path) == ["kvittering.json"]


def test_another_fault_than_a_full_disk_is_told_as_it_is(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(OSError, match=os.strerror(errno.EEXIST)):
        write_whole(blocked / "kvittering.json", [b"x"])


@pytest.mark.parametrize("cell", ["=1+1", "+47", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_cell_is_taken_for_a_formula(cell):
    assert spreadsheet_safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["STUSP1----", -2, None, ""])
def test_other_cells_stand_as_they_are(cell):
    assert spreadsheet_safe(cell) == cell
