"""A data folder with something to lose, and a way to run commands on it."""

import shutil

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.settings import settings
from tests.scheduler.backup.folder import ARCHIVED, put


@pytest.fixture
def run(monkeypatch):
    """Runs a command in a data folder."""

    def run_in(folder, *arguments):
        monkeypatch.setenv("AARSHJUL_DATA_DIR", str(folder))
        settings.cache_clear()
        return CliRunner().invoke(cli, [*map(str, arguments)])

    yield run_in
    settings.cache_clear()


@pytest.fixture
def here(tmp_path, planned_folder):
    """A data folder with a planned ledger and one archived file."""
    folder = tmp_path / "here"
    shutil.copytree(planned_folder, folder)
    put(folder / ARCHIVED)
    return folder


@pytest.fixture
def copy(here, run, tmp_path):
    path = tmp_path / "copy.tar.gz"
    taken = run(here, "backup", "--out", path)
    assert taken.exit_code == 0, taken.output
    return path
