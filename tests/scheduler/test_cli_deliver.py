"""`aarshjul deliver`: a statistics file by hand, the same bytes as the job sends, and nothing sent."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from jobs import JOBS
from jobs.register.deliveries import sent
from scheduler.cli import cli
from scheduler.ledger.database import open_database, reading
from scheduler.schema import upgrade
from scheduler.settings import settings
from tests.jobs.frames import identity_number, pupils, violations
from tests.jobs.registers import deliver as load
from tests.jobs.running import order, run

PUPILS, SUBJECTS = "ssbElev_46_20261001_L1.csv", "ssbElevFag_46_20261001_L1.csv"
FIRST = ("ssbElev", "--county", "46", "--stage", "first", "--school-year", "2026-2027")
FINAL = ("ssbElev", "--county", "46", "--stage", "final", "--school-year", "2026-2027")
KEY = "stat-ssbelev-l1/2026-2027/first/46"


@pytest.fixture
def register(tmp_path, monkeypatch):
    """The register that the command reads."""
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    database = open_database(settings().ledger_url)
    upgrade(database)
    yield database
    database.dispose()
    settings.cache_clear()


@pytest.fixture
def loaded(register, tmp_path):
    """Load frames as the October file of county 46."""
    return lambda frames, **values: load(register, tmp_path / "load", frames, **values)


@pytest.fixture
def deliver(register, tmp_path):
    """Call the command; the files lie in `out`."""
    out = tmp_path / "out"
    return lambda *arguments: CliRunner().invoke(cli, ["deliver", *arguments, "--out", str(out)])


def lines_of(path):
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\r\n")
    return text.removesuffix("\r\n").split("\r\n")


def test_the_files_hold_the_pupils_of_the_register_and_the_manifest_their_hashes(
    loaded, deliver, tmp_path
):
    loaded(pupils(3))
    done = deliver(*FIRST)
    assert done.exit_code == 0, done.output
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {PUPILS, SUBJECTS, "manifest.json"}
    head, *rows = lines_of(out / PUPILS)
    assert head.startswith("fodselsnummer;skolear;skolenummer;programomradekode;")
    assert [row.split(";")[:2] for row in rows] == [
        [number, "20262027"] for number in sorted(identity_number(n) for n in range(3))
    ]
    assert len(lines_of(out / SUBJECTS)) == 1 + 6
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["filer"]
    for file in files:
        digest = hashlib.sha256((out / file["name"]).read_bytes()).hexdigest()
        assert file["sha256"] == digest
        assert f"{file['name']}: {file['rows']} rader, SHA-256 {digest}" in done.output


def test_it_writes_what_the_job_sends_and_sends_nothing(register, loaded, deliver, tmp_path):
    loaded(pupils(20))
    assert deliver(*FIRST).exit_code == 0
    with reading(register) as session:
        assert not sent(session, KEY)
    assert not (tmp_path / "data" / "outbox").exists()
    job = JOBS["deliver-ssbelev"]
    run(job, order(job, "stat-ssbelev-l1"), register, tmp_path / "sent")
    outbox = tmp_path / "sent" / "outbox" / "ssb" / KEY.replace("/", "_")
    for name in (PUPILS, SUBJECTS, "manifest.json"):
        assert (tmp_path / "out" / name).read_bytes() == (outbox / name).read_bytes()


def test_it_writes_the_register_as_it_was_at_the_end_of_a_day(loaded, deliver, tmp_path):
    loaded(pupils(20), at=datetime(2026, 10, 12, 6, tzinfo=UTC))
    loaded(pupils(21), at=datetime(2026, 10, 20, 6, tzinfo=UTC))
    for day, there in (("2026-10-12", 20), ("2026-10-19", 20), ("2026-10-20", 21)):
        assert deliver(*FIRST, "--as-of", day).exit_code == 0
        assert len(lines_of(tmp_path / "out" / PUPILS)) == 1 + there
    before = deliver(*FIRST, "--as-of", "2026-10-11")
    assert before.exit_code == 1
    assert "ingen lastet leveranse" in before.output


def test_an_open_error_of_the_import_leaves_no_file(loaded, deliver, tmp_path):
    fault = {"regel": "CR-DATE-01", "alvor": "ERROR", "linje": 7, "forklaring": "Feil dato."}
    loaded(pupils(2), broken=violations(fault))
    refused = deliver(*FIRST)
    assert refused.exit_code == 1
    assert "CR-DATE-01 er brutt 1 gang" in refused.output
    assert not list((tmp_path / "out").glob("*"))


def test_a_final_delivery_that_would_be_stopped_says_so_and_can_be_looked_at(
    loaded, deliver, tmp_path
):
    loaded(pupils(40, changes={0: {"elevstatus": "V"}}))
    stopped = deliver(*FINAL)
    assert stopped.exit_code == 1
    assert "CR-STAT-03" in stopped.output
    assert "Leveringen ville blitt stanset" in stopped.output
    assert (tmp_path / "out" / "ssbElev_46_20261001_END.csv").exists()
    assert deliver(*FIRST).exit_code == 0


def test_a_warning_is_to_be_signed(loaded, deliver):
    loaded(pupils(40, changes={0: {"elevstatus": "A"}}))
    warned = deliver(*FINAL)
    assert warned.exit_code == 0
    assert "CR-STAT-02" in warned.output
    assert "må begrunnes og godkjennes" in warned.output


def test_a_stage_a_county_or_a_kind_that_is_not_there_is_answered_with_those_that_are(deliver):
    stage = deliver("ssbElev", "--county", "46", "--stage", "only", "--school-year", "2026-2027")
    assert stage.exit_code == 2
    assert "stat-ssbelev-l1 (first), stat-ssbelev-endelig (final)" in stage.output
    county = deliver("ssbElev", "--county", "99", "--stage", "first", "--school-year", "2026-2027")
    assert county.exit_code == 2
    assert "ingen i fylket" in county.output
    kind = deliver("ssbLever", "--county", "46", "--stage", "first")
    assert kind.exit_code == 2
    assert "'ssbelevfag'" in kind.output
