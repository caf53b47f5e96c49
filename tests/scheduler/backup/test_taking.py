"""A backup is whole or no backup, and it is of one instant."""

import json
import os
import sqlite3
import tarfile
from contextlib import closing

from scheduler.backup import BackupError, databases, taking
from scheduler.backup.room import room
from tests.scheduler.backup.folder import ARCHIVED, put


def test_a_backup_says_what_is_in_it_and_is_for_its_owner_alone(copy, here):
    with tarfile.open(copy) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    names = [file["name"] for file in manifest["files"]]
    assert names == ["database/aarshjul.db", f"data/{ARCHIVED}"]
    assert manifest["database"] == "sqlite"
    assert manifest["calendar"]["number"] == 1
    assert copy.stat().st_mode & 0o077 == 0
    assert not (here / ".backup").exists()


def test_what_nobody_has_finished_writing_and_what_can_be_made_anew_is_left_out(
    here, run, tmp_path
):
    for name in ("inbox/46/a/b.txt.part", "outbox/ssb/.x.1.part/f.csv", "feeds/a.ics", "other/x"):
        put(here / name)
    fresh = here / "inbox/46/a/fresh.txt"
    put(fresh)
    os.utime(fresh)
    (here / "inbox/46/a/link.txt").symlink_to(fresh)
    put(here / "inbox/46/a/quiet.txt")
    run(here, "backup", "--out", tmp_path / "c")
    with tarfile.open(tmp_path / "c") as tar:
        names = {name for name in tar.getnames() if name.startswith("data/")}
    assert names == {f"data/{ARCHIVED}", "data/inbox/46/a/quiet.txt"}


def test_what_moves_on_after_the_instant_is_copied_as_it_was(here, run, tmp_path, monkeypatch):
    waiting, taken_in = here / "inbox/46/a/fil.txt", here / "archive/46/a/123_fil.txt"
    intermediate = "work/run_1/ssbElev.csv"
    under_way = here / intermediate
    put(waiting)
    put(under_way)
    original = databases._copied

    def moving_on(snapshot, target):
        if waiting.exists():
            taken_in.parent.mkdir()
            waiting.rename(taken_in)
            under_way.unlink()
        return original(snapshot, target)

    monkeypatch.setattr(databases, "_copied", moving_on)
    assert run(here, "backup", "--out", tmp_path / "c").exit_code == 0
    with tarfile.open(tmp_path / "c") as tar:
        names = {name for name in tar.getnames() if name.startswith("data/")}
    assert names == {
        f"data/{ARCHIVED}",
        "data/inbox/46/a/fil.txt",
        f"data/{intermediate}",
    }


def test_writers_of_the_ledger_wait_while_both_databases_are_looked_at(
    here, run, tmp_path, monkeypatch
):
    seen = []

    def look(*_):
        with closing(sqlite3.connect(here / "aarshjul.db", timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                seen.append(str(error))
        return {}

    monkeypatch.setattr(taking, "see", look)
    assert run(here, "backup", "--out", tmp_path / "c").exit_code == 0
    assert seen == ["database is locked"]


def test_a_backup_that_breaks_off_leaves_nothing_under_its_name(here, run, tmp_path, monkeypatch):
    def broken(*_):
        raise BackupError("brøt av")

    monkeypatch.setattr(taking, "_facts", broken)
    assert run(here, "backup", "--out", tmp_path / "c").exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here"]
    assert not (here / ".backup").exists()


def test_a_backup_never_overwrites_a_file(copy, here, run):
    before = copy.read_bytes()
    again = run(here, "backup", "--out", copy)
    assert (again.exit_code, copy.read_bytes()) == (1, before)
    assert "finnes alt" in again.output


def test_two_backups_at_a_time_are_one_too_many(here, run, tmp_path):
    with room(here):
        second = run(here, "backup", "--out", tmp_path / "c")
    assert second.exit_code == 1
    assert "En annen sikkerhetskopi" in second.output


def test_a_folder_without_a_database_has_nothing_to_back_up(run, tmp_path):
    answer = run(tmp_path / "none", "backup", "--out", tmp_path / "c")
    assert answer.exit_code == 1
    assert "AARSHJUL_DATA_DIR" in answer.output


def test_both_databases_are_of_the_instant_though_the_service_writes_on(
    here, run, tmp_path, monkeypatch
):
    engine = here / "engine.db"
    with closing(sqlite3.connect(engine)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE written (n)")
        connection.commit()

        def write_on(*_):
            connection.execute("INSERT INTO written VALUES (1)")
            connection.commit()
            return []

        with monkeypatch.context() as patch:
            original = sqlite3.connect

            def copying(name, **options):
                if str(name).endswith("held/database/engine.db"):
                    write_on()
                return original(name, **options)

            patch.setattr(sqlite3, "connect", copying)
            assert run(here, "backup", "--out", tmp_path / "c").exit_code == 0
        assert connection.execute("SELECT count(*) FROM written").fetchone() == (1,)
    assert run(tmp_path / "there", "restore", tmp_path / "c").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "there" / "engine.db")) as restored:
        assert restored.execute("SELECT count(*) FROM written").fetchone() == (0,)


def test_without_postgresqls_programs_it_is_told_what_to_install(run, monkeypatch, tmp_path):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", "postgresql://ingen@localhost/ingen")
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = run(tmp_path / "none", "backup", "--out", tmp_path / "c")
    assert answer.exit_code == 1
    assert "postgresql-client" in answer.output
