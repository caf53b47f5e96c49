"""calendar.yaml is rewritten whole or not at all."""

import pytest

from scheduler.calendar_file import ChangedMeanwhileError, rewriting


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "calendar.yaml"
    path.write_text("gammel\n", encoding="utf-8")
    return path


def alone(file):
    return [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_text_is_there_when_the_block_has_ended_and_not_before(file):
    with rewriting(file, "ny\n"):
        assert file.read_text(encoding="utf-8") == "gammel\n"
    assert file.read_text(encoding="utf-8") == "ny\n"
    assert alone(file)


def test_a_block_that_fails_leaves_the_file_as_it_is(file):
    with pytest.raises(ZeroDivisionError), rewriting(file, "ny\n"):
        raise ZeroDivisionError
    assert file.read_text(encoding="utf-8") == "gammel\n"
    assert alone(file)


def test_what_is_saved_meanwhile_stands(file):
    with pytest.raises(ChangedMeanwhileError), rewriting(file, "ny\n"):
        file.write_text("lagret\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == "lagret\n"
    assert alone(file)


def test_what_a_link_points_to_is_rewritten_and_the_link_stays(file, tmp_path):
    link = tmp_path / "lenke.yaml"
    link.symlink_to(file)
    with rewriting(link, "ny\n"):
        pass
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "ny\n"
