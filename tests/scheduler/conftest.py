"""What the tests of the command line share."""

import shutil

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.settings import settings


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command of `aarshjul` in a data folder of the test's own; returns click's result."""
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli, [*map(str, arguments)])
    settings.cache_clear()


@pytest.fixture(scope="session")
def planned_folder(tmp_path_factory):
    """What `aarshjul plan` leaves in an empty data folder, for each test to copy."""
    folder = tmp_path_factory.mktemp("planned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AARSHJUL_DATA_DIR", str(folder))
        settings.cache_clear()
        result = CliRunner().invoke(cli, ["plan"])
    settings.cache_clear()
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def planned(planned_folder, tmp_path):
    """The test's own data folder after `aarshjul plan`."""
    shutil.copytree(planned_folder, tmp_path, dirs_exist_ok=True)
