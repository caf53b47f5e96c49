"""`aarshjul channels`: which way deliveries go, one of them tried, and a wrong file told at the start."""

import subprocess
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from jobs.channels.slips import Slip
from scheduler.daemon import Service, wall_clock
from scheduler.engine.receiving import take
from scheduler.ledger.database import open_database
from scheduler.settings import SettingsError, read_settings, settings
from tests.jobs.channels.parcels import channels_file, client_key, new_identity, sftp_way
from tests.jobs.channels.sftp_server import sftp_server


@pytest.fixture
def declare(tmp_path, monkeypatch):
    """Set a file of channels for the commands that follow."""

    def it(**ways):
        monkeypatch.setenv("AARSHJUL_CHANNELS", str(channels_file(tmp_path, **ways)))
        settings.cache_clear()

    return it


def sealed():
    return {"channel": "outbox", "recipient": str(new_identity().to_public())}


@pytest.mark.usefixtures("planned")
def test_without_a_file_everything_goes_to_the_outbox(run):
    shown = run("channels")
    assert shown.exit_code == 0
    assert "ssb          utboksen, uforseglet" in shown.output


@pytest.mark.usefixtures("planned")
def test_each_receiver_s_way_is_shown_and_tried(run, declare, tmp_path):
    private, key = client_key(tmp_path)
    with sftp_server(tmp_path / "there", key) as receiver:
        way = sftp_way(receiver, private, new_identity())
        declare(ssb=way, udir=sealed())
        shown = run("channels").output
        assert f"sftp til aarshjul@127.0.0.1:{receiver.port}/inn, kvitteringer i /ut" in shown
        assert "udir         utboksen, forseglet" in shown
        assert receiver.host_key.get_fingerprint() in run("channels", "--try", "ssb").output
        other = f"{way['host_key'][:-4]}AAAA"
        declare(ssb=way | {"host_key": other})
        tried = run("channels", "--try", "ssb")
    assert tried.exit_code == 1
    assert "viser en annen vertsnøkkel" in tried.output
    assert "er ingen mottaker i årshjulet" in run("channels", "--try", "sbb").output


def test_a_name_that_is_no_receiver_stops_the_command_and_the_service(run, declare, tmp_path):
    declare(sbb=sealed())
    result = run("channels")
    assert isinstance(result.exception, SettingsError)
    assert "«sbb» er ingen mottaker i årshjulet" in str(result.exception)
    with (
        pytest.raises(SettingsError, match="AARSHJUL_CHANNELS"),
        Service(read_settings(data_dir=tmp_path), wall_clock),
    ):
        raise AssertionError("it started")


def test_the_key_that_receivers_verify_with_is_one_that_openssl_reads(run, tmp_path):
    public = tmp_path / "aarshjul.pem"
    public.write_text(run("channels", "key").output, encoding="utf-8")
    command = ["openssl", "pkey", "-pubin", "-in", str(public), "-noout", "-text"]
    assert "ED25519" in subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.usefixtures("planned")
def test_a_receipt_that_is_no_good_is_shown_until_it_is_settled(run, tmp_path):
    database = open_database(settings().ledger_url)
    with Session(database) as session, session.begin():
        take(session, "ssb", Slip("x.kvittering.json", b"half {"), datetime.now(UTC))
    database.dispose()
    assert "Kvittering 1, lest" in run("channels").output
    assert "Kvittering 1" in run("inbox").output
    assert run("channels", "settle", "1", "--why", "ny er bedt om").exit_code == 0
    assert "Kvittering 1" not in run("channels").output
    assert run("channels", "settle", "1", "--why", "igjen").exit_code == 1
