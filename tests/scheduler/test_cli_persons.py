"""`aarshjul persons`: changed numbers by command, without a number on the screen."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from scheduler import reads, reads_kept
from scheduler.access import accounts
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


def marks(tmp_path, *rows):
    file = tmp_path / "merker.csv"
    file.write_text("\n".join(["fodselsnummer;personmerke;fra;til", *rows, ""]), encoding="utf-8")
    return file


def test_marks_are_taken_in_or_refused_by_line(persons, tmp_path):
    done = persons("marks", marks(tmp_path, f"{identity_number(0)};K6;;"), *WHO)
    told = "1 nye merker, 0 endret, 0 uendret. 0 OT-linjer har fått en annen enhet.\n"
    assert (done.exit_code, done.output) == (0, told)
    refused = persons("marks", marks(tmp_path, f"{identity_number(0)};K9;;"), *WHO)
    assert refused.exit_code == 1
    assert "merker.csv, linje 2: Merket «K9» finnes ikke." in refused.output
    assert identity_number(0) not in refused.output


def test_reads_are_listed_with_who_whom_where_and_why(persons):
    assert persons("reads").output == "Ingen lesinger.\n"
    now = datetime(2026, 10, 27, 9, tzinfo=UTC)
    database = open_database(settings().ledger_url)
    with Session(database) as session, session.begin():
        account = accounts.add(session, "OT Vestland", "et langt nok passord", "test", now)
        reader = reads.Reader(account.id, account.name, "46", reads.Purpose.CHECK)
        reads.disclose(session, reader, reads.Page.LEFT_OUT, [1, 2], now)
    database.dispose()
    told = "27.10.2026 kl. 10.00  OT Vestland  person 2  utelatt, fylke 46  kontroll"
    assert told in persons("reads").output.splitlines()
    assert persons("reads", "--person", 2).output == told + "\n"
    assert persons("reads", "--account", "en annen").output == "Ingen lesinger.\n"
    database = open_database(settings().ledger_url)
    assert reads_kept.purge(database, 1, now + timedelta(days=400)) == 2
    database.dispose()
    gone = "01.12.2027 kl. 10.00  2 oppslag til og med 30.11.2026 slettet\n"
    assert persons("reads").output == gone
    assert persons("reads", "--person", 2).output == "Ingen lesinger.\n"
