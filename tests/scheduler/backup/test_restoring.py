"""A restore that cannot be right changes nothing."""

import gzip
import io
import json
import tarfile
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database
from scheduler.ledger.tables import NodeRow
from tests.scheduler.backup.folder import ARCHIVED, put


def ticking(folder):
    """A scheduler has just ticked on the folder's ledger."""
    database = open_database(f"sqlite:///{folder / 'aarshjul.db'}")
    with Session(database) as session, session.begin():
        now = datetime.now(UTC)
        node = NodeRow(name="node-7", process_id=1, started_at=now, ticked_at=now, tick_seconds=15)
        session.add(node)
    database.dispose()


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_restored_folder_holds_what_was_there(copy, here, run, tmp_path):
    done = run(tmp_path / "there", "restore", copy)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "there" / ARCHIVED).read_text(encoding="utf-8") == "innhold"
    assert run(tmp_path / "there", "plan").output == run(here, "plan").output


def cut(content):
    return content[: len(content) * 9 // 10]


def without_manifest(content):
    return rewritten(content, lambda name, body: None if name == "manifest.json" else body)


def changed(content):
    return rewritten(content, lambda name, body: b"INNHOLD" if name.endswith("fil.txt") else body)


def with_one_more(content):
    return rewritten(content, lambda name, body: body, more=True)


def outside(content):
    return rewritten(content, lambda name, body: body, more="../../outside.txt")


def no_tar(content):
    return gzip.compress(b"noe annet")


def rewritten(content, change, more=None):
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as old,
        tarfile.open(fileobj=out, mode="w:gz") as new,
    ):
        if more:
            new.addfile(tarfile.TarInfo(more if isinstance(more, str) else "data/archive/more"))
        for member in old:
            body = change(member.name, old.extractfile(member).read())
            if body is not None:
                member.size = len(body)
                new.addfile(member, io.BytesIO(body))
    return out.getvalue()


@pytest.mark.parametrize(
    "harm",
    [cut, without_manifest, changed, with_one_more, outside, no_tar],
    ids=lambda h: h.__name__,
)
def test_a_harmed_backup_is_refused_before_anything_is_touched(harm, copy, here, run, tmp_path):
    copy.write_bytes(harm(copy.read_bytes()))
    before = contents(here)
    answer = run(here, "restore", copy, "--force")
    assert answer.exit_code == 1
    assert str(copy) in answer.output.replace("\n", "")
    assert contents(here) == before
    assert not (tmp_path / "outside.txt").exists()


def test_what_is_there_is_replaced_by_force_alone(copy, here, run):
    put(here / "returns/46/new.txt")
    refused = run(here, "restore", copy)
    assert refused.exit_code == 1
    assert "--force" in refused.output
    assert (here / "returns/46/new.txt").exists()
    assert run(here, "restore", copy, "--force").exit_code == 0
    assert not (here / "returns/46/new.txt").exists()
    assert (here / ARCHIVED).exists()


def test_a_lone_file_in_the_inbox_is_something_too(copy, run, tmp_path):
    put(tmp_path / "there/inbox/46/a/fil.txt")
    assert "inbox" in run(tmp_path / "there", "restore", copy).output


def test_nothing_is_restored_under_a_running_service(copy, here, run):
    ticking(here)
    refused = run(here, "restore", copy, "--force")
    assert refused.exit_code == 1
    assert "Tjenesten går" in refused.output


def test_a_backup_of_a_newer_release_or_another_database_is_refused(copy, run, tmp_path):
    for change, words in (
        ({"schema": "9999"}, "nyere versjon"),
        ({"database": "postgresql"}, "samme slags database"),
    ):

        def edited(name, body, change=change):
            found = json.loads(body) | change if name == "manifest.json" else None
            return json.dumps(found).encode() if found else body

        other = tmp_path / "other.tar.gz"
        other.write_bytes(rewritten(copy.read_bytes(), edited))
        refused = run(tmp_path / "there", "restore", other)
        assert (refused.exit_code, words in refused.output) == (1, True)


def test_what_must_be_as_it_was_is_told(copy, here, run, tmp_path, monkeypatch):
    ticking(here)
    again = tmp_path / "again.tar.gz"
    run(here, "backup", "--out", again)
    other = tmp_path / "other.yaml"
    other.write_text("noe annet", encoding="utf-8")
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(other))
    told = run(tmp_path / "there", "restore", again).output
    assert "node-7" in told
    assert "en annen enn versjon 1" in told
