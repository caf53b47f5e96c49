"""Files appear whole or not at all, and only from whoever the run belongs to."""

import os
from datetime import UTC, datetime

import pytest

from jobs.channels.files import remove_abandoned, write_whole
from jobs.channels.outbox import Parcel, hand_over
from jobs.fencing import fenced, must_be_mine


class OvertakenError(BaseException):
    """What an engine raises in an execution that another has followed."""


class Run:
    """Ours until it is somebody else's."""

    ours = True

    def fence(self):
        if not self.ours:
            raise OvertakenError


@pytest.fixture
def run():
    return Run()


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_a_file_of_a_run_that_was_taken_over_is_not_put_in_place(run, tmp_path):
    """Nor does a frozen writer write into the file that its successor has made meanwhile."""
    path = tmp_path / "rapport.html"

    def chunks():
        yield b"half of the frozen one's"
        run.ours = False
        with fenced(Run().fence):
            write_whole(path, [b"the successor's"])
        yield b", and the rest of it"

    with fenced(run.fence), pytest.raises(OvertakenError):
        write_whole(path, chunks())
    assert path.read_bytes() == b"the successor's"
    assert names(tmp_path) == ["rapport.html"]


def test_a_parcel_of_a_run_that_was_taken_over_is_not_handed_over(run, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"1")

    def chunks():
        run.ours = False
        return [tmp_path / "a.csv"]

    with fenced(run.fence), pytest.raises(OvertakenError):
        hand_over(tmp_path / "outbox", Parcel("ssb", "key", chunks()))
    assert names(tmp_path / "outbox") == ["ssb"]
    receipt = hand_over(tmp_path / "outbox", Parcel("ssb", "key", [tmp_path / "a.csv"]))
    assert receipt["reference"] == "key"


def test_no_step_begins_in_a_run_that_was_taken_over(run):
    run.ours = False
    with pytest.raises(OvertakenError), fenced(run.fence):
        pytest.fail("it began")
    must_be_mine()  # outside a step nobody forbids


def test_what_a_crash_left_is_removed_when_a_day_old(tmp_path):
    now = datetime.now(UTC)
    (tmp_path / "ssb" / ".gammel.1.part").mkdir(parents=True)
    (tmp_path / "ssb" / ".gammel.1.part" / "fil.csv").touch()
    for name in (".gammel.2.part", ".ny.part", "gammel.part", ".gammel"):
        (tmp_path / "ssb" / name).touch()
    (tmp_path / "ssb" / ".lenke.part").symlink_to(tmp_path)
    for path in (tmp_path / "ssb").iterdir():
        if "ny" not in path.name:
            os.utime(path, (now.timestamp() - 90_000,) * 2, follow_symlinks=False)
    remove_abandoned(tmp_path, now)
    remove_abandoned(tmp_path / "none", now)
    assert names(tmp_path) == [".gammel", ".ny.part", "gammel.part", "ssb"]
