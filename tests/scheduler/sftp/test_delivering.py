"""Delivering over SFTP: a file that is closed is taken in whole, and half a file is no file."""

import asyncio
import os
import resource
import shutil
import time
from datetime import timedelta

import asyncssh
import pytest

from jobs.imports.inbox import Outcome, scan_inbox
from tests.scheduler.sftp.logging_in import (
    COUNT,
    HERE,
    as_sender,
    connected,
    inbox,
    logged_in,
    serve,
    until,
)
from tests.web import seed

THERE = f"46/{COUNT}"


async def write(sftp, name, content=b"TOF;1"):
    async with sftp.open(f"{HERE}/{name}", "wb") as file:
        await file.write(content)


def test_an_uploaded_file_is_taken_in_by_the_scan(config, engine, vestland, caplog):
    caplog.set_level("INFO", "scheduler.sftp")
    as_sender(config, vestland, lambda sftp: write(sftp, "telling.txt"))
    (arrival,) = scan_inbox(engine, config.data_dir, seed.NOW, {COUNT: ("46",)}, timedelta(0))
    assert (arrival.outcome, arrival.county) == (Outcome.ACCEPTED, "46")
    assert set(inbox(config)) == {".klokke"}  # what the scan asks for the file system's time
    assert "sftp upload: sender=vestland file=telling.txt bytes=5" in caplog.text


def test_a_program_that_keeps_times_and_rights_uploads_as_any_other(config, vestland, tmp_path):
    extract = tmp_path / "uttrekk.txt"
    extract.write_bytes(b"TOF;1\n" * 50_000)
    as_sender(config, vestland, lambda sftp: sftp.put(extract, f"{HERE}/a.txt", preserve=True))
    assert inbox(config) == {f"{THERE}/a.txt": extract.read_bytes()}


def test_half_a_file_is_hidden_and_gone_when_the_connection_breaks(config, vestland):
    async def break_off(port):
        async with connected(port, vestland) as connection:
            sftp = await connection.start_sftp_client()
            file = await sftp.open(f"{HERE}/telling.txt", "wb")
            await file.write(b"TOF;")
            (name,) = inbox(config)
            assert name.startswith(f"{THERE}/.")
            assert name.endswith(".part")
            connection.abort()
        await until(lambda: inbox(config) == {})

    serve(config, break_off)
    assert inbox(config) == {}


def test_a_session_that_ends_before_the_file_is_closed_leaves_nothing(config, vestland):
    async def leave(port):
        async with connected(port, vestland) as connection:
            sftp = await connection.start_sftp_client()
            file = await sftp.open(f"{HERE}/telling.txt", "wb")
            await file.write(b"TOF;")
            sftp.exit()
            await until(lambda: inbox(config) == {})

    serve(config, leave)
    assert inbox(config) == {}


def test_a_server_that_stops_leaves_no_half_file(config, vestland):
    async def stay(port):
        connection = await asyncssh.connect(
            "127.0.0.1", port, username="vestland", client_keys=[vestland.key], known_hosts=None
        )
        sftp = await connection.start_sftp_client()
        file = await sftp.open(f"{HERE}/telling.txt", "wb")
        await file.write(b"TOF;")
        return connection

    serve(config, stay)
    assert inbox(config) == {}


def test_the_same_name_twice_at_once_is_two_files(config, vestland):
    async def both(port):
        async with logged_in(port, vestland) as one, logged_in(port, vestland) as other:
            await asyncio.gather(write(one, "a.txt", b"1"), write(other, "a.txt", b"2"))

    serve(config, both)
    assert sorted(inbox(config)) == [f"{THERE}/a-2.txt", f"{THERE}/a.txt"]
    assert sorted(inbox(config).values()) == [b"1", b"2"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("stor.txt", bytes((1 << 20) + 1), "større enn 1 MB"),
        ("tom.txt", b"", "Filen er tom"),
        ("a.filepart", b"1", "uferdig fil"),
        (".skjult", b"1", "uferdig fil"),
        ("a\\b.txt", b"1", "kan ikke være en sti"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_nothing_is_kept(
    config, vestland, name, content, sentence
):
    with pytest.raises(asyncssh.SFTPFailure, match=sentence):
        as_sender(config, vestland, lambda sftp: write(sftp, name, content))
    assert inbox(config) == {}


def test_a_full_disk_is_said_and_leaves_nothing(config, vestland):
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    async def fill(sftp):
        file = await sftp.open(f"{HERE}/stor.txt", "wb")
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
        await file.write(bytes(900_000))
        await file.close()

    try:
        with pytest.raises(asyncssh.SFTPFailure, match="Disken har ikke plass"):
            as_sender(config, vestland, fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert inbox(config) == {}


def test_parts_a_crash_left_are_removed_at_start_when_a_day_old(config, vestland):
    folder = config.data_dir / "inbox" / THERE
    folder.mkdir(parents=True)
    for name, age in ((".gammel.part", 90_000), (".ny.part", 60)):
        (folder / name).write_bytes(b"TOF;")
        os.utime(folder / name, (time.time() - age,) * 2)
    as_sender(config, vestland, lambda sftp: sftp.listdir("/"))
    assert list(inbox(config)) == [f"{THERE}/.ny.part"]


@pytest.mark.skipif(shutil.which("sftp") is None, reason="OpenSSH er ikke installert")
def test_the_sftp_program_of_openssh_delivers_and_fetches(config, vestland, tmp_path):
    key, local = tmp_path / "nokkel", tmp_path / "uttrekk.txt"
    vestland.key.write_private_key(key)
    key.chmod(0o600)
    local.write_bytes(b"TOF;1\n" * 100_000)
    returned = config.data_dir / "returns" / "46" / "svar.txt"
    returned.parent.mkdir(parents=True)
    returned.write_text("Mottatt", encoding="utf-8")
    fetched = tmp_path / "hentet.txt"
    batch = f"ls -l ut\nput -p {local} {HERE}/a.txt\nget ut/svar.txt {fetched}\n"

    async def run(port):
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentityAgent=none")
        program = await asyncio.create_subprocess_exec(
            "sftp", "-q", "-F", "none", "-b", "-", "-i", key, "-P", str(port),
            *(word for option in options for word in ("-o", option)), "vestland@127.0.0.1",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told = await program.communicate(batch.encode())
        assert program.returncode == 0, told

    serve(config, run)
    assert inbox(config) == {f"{THERE}/a.txt": local.read_bytes()}
    assert fetched.read_text(encoding="utf-8") == "Mottatt"
