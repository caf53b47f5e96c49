"""What the tests of the command line share."""

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
