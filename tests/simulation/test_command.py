"""`aarshjul simulate` says what is wrong with what it is asked, and the fuse blows when it should."""

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.engine import draining
from scheduler.simulate.files import Folder, cut_off
from scheduler.simulate.fuse import Crash, Fuse
from scheduler.simulate.scenario import Fault, Scenario
from tests.planned import NOW


@pytest.fixture(autouse=True)
def _not_draining():
    yield
    draining.end()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--counties", "99"], "«99» er ikke et fylkesnummer"),
        (["--faults", "jordskjelv"], "outage-40d"),
        (["--school-year", "2026"], "er ikke et skoleår"),
        (["--years", "0"], "--years"),
        (["--data", "all"], "small"),
    ],
)
def test_what_cannot_be_simulated_is_told_with_what_can(options, words):
    said = CliRunner().invoke(cli, ["simulate", *options])
    assert said.exit_code == 2
    assert words in said.output


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").touch()
    said = CliRunner().invoke(cli, ["simulate", "--keep", str(tmp_path)])
    assert said.exit_code == 1
    assert "er ikke tom" in said.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_years_follow_each_other_and_the_undisturbed_one_has_no_faults():
    wanted = Scenario("2026-2027", years=3, faults={Fault.DELAY: 1})
    assert wanted.cycles == ["2026-2027", "2027-2028", "2028-2029"]
    assert wanted.undisturbed == Scenario("2026-2027", years=3)


def test_a_process_dies_at_the_step_it_is_to_and_halts_all_that_comes_after():
    fuse = Fuse()
    fuse.arm(Fault.CRASH_IN_STEP, 2)
    fuse.step(Fault.CRASH_IN_STEP)
    fuse.step(Fault.CRASH_AFTER_STEP)
    fuse.look()
    with pytest.raises(draining.Halted):
        fuse.step(Fault.CRASH_IN_STEP)
    with pytest.raises(draining.Halted):
        draining.halt_if_draining()
    with pytest.raises(Crash):
        fuse.look()


def test_the_process_that_comes_after_dies_no_second_time():
    fuse = Fuse()
    fuse.arm(Fault.CRASH_IN_TICK, 1)
    with pytest.raises(Crash):
        fuse.tick()
    fuse.mend()
    fuse.tick()
    fuse.look()


def test_a_file_is_there_whole_and_as_old_as_the_led_clock_says(tmp_path):
    folder = Folder(tmp_path, "46", "telling")
    first = folder.put("a.txt", lambda path: path.write_text("123456789"), NOW)
    later = folder.put("b.txt", lambda path: path.write_text("123456789"), NOW.replace(year=2027))
    assert [path.name for path in first.parent.iterdir() if path.suffix == ".part"] == []
    assert first.stat().st_mtime < later.stat().st_mtime < NOW.timestamp()
    cut_off(later)
    assert (first.read_text(), later.read_text()) == ("123456789", "123456")
