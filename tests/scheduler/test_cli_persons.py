"""`aarshjul persons`: changed numbers by command, without a number on the screen."""

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.ledger.database import open_database
from scheduler.schema import upgrade
from scheduler.settings import settings
from tests.jobs.frames import identity_number, pupils
from tests.jobs.registers import deliver

WHO = ["--by", "Inntakskontoret", "--why", "vask mot folkeregisteret"]


@pytest.fixture
def persons(tmp_path, monkeypatch):
    """Call the command against a register of two pupils."""
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    database = open_database(settings().ledger_url)
    upgrade(database)
    deliver(database, tmp_path / "work", pupils(2))
    database.dispose()
    yield lambda *arguments: CliRunner().invoke(cli, ["persons", *map(str, arguments)])
    settings.cache_clear()


def changes(tmp_path, old, new):
    file = tmp_path / "endringer.csv"
    file.write_text(f"gammelt;nytt;dato\n{old};{new};2026-10-16\n", encoding="utf-8")
    return file


def test_a_merge_is_done_and_listed_with_who_and_why(persons, tmp_path):
    assert "Ingen personer er slått sammen." in persons("merges").output
    file = changes(tmp_path, identity_number(0), identity_number(1))
    done = persons("renumber", file, *WHO)
    assert (done.exit_code, done.output) == (0, "1 slått sammen\n")
    listed = persons("merges").output
    assert "Inntakskontoret: vask mot folkeregisteret" in listed
    assert identity_number(0) not in listed


def test_a_number_that_does_not_hold_is_told_by_line_and_nothing_is_done(persons, tmp_path):
    refused = persons("renumber", changes(tmp_path, "123", identity_number(1)), *WHO)
    assert refused.exit_code == 1
    assert "endringer.csv, linje 2: Det tidligere nummeret holder ikke" in refused.output
    assert "Ingenting er endret." in refused.output
    assert "123" not in refused.output
