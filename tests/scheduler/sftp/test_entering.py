"""Entering: one key is one sender, and a sender that is taken back is out at once."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from contextlib import closing

import asyncssh
import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.cli.serve import processes
from scheduler.settings import settings
from scheduler.sftp.keys import host_key
from tests.scheduler.sftp.logging_in import (
    HERE,
    Sender,
    as_sender,
    connected,
    inbox,
    logged_in,
    revoke,
    serve,
    until,
)


def refused(config, sender):
    with pytest.raises(asyncssh.PermissionDenied):
        as_sender(config, sender, lambda sftp: sftp.listdir("/"))


def test_another_key_or_another_name_never_enters(config, vestland):
    refused(config, Sender("vestland", asyncssh.generate_private_key("ssh-ed25519")))
    refused(config, Sender("oslo", vestland.key))


def test_a_password_never_enters(config, vestland):
    async def try_it(port):
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(
                "127.0.0.1", port, username="vestland", password="a", known_hosts=None, config=None,
                client_keys=None, agent_path=None,
            )  # fmt: skip

    serve(config, try_it)


def test_there_is_no_shell_no_command_and_no_way_on(config, vestland):
    async def try_all(port):
        async with connected(port, vestland) as connection:
            for command in ("ls", "scp -t /inn", None):
                with pytest.raises(asyncssh.ChannelOpenError):
                    await connection.run(command)
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_connection("127.0.0.1", port)
            with pytest.raises(asyncssh.ChannelListenError):
                await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", port)

    serve(config, try_all)


def test_a_sender_taken_back_is_cut_off_and_its_half_file_is_gone(config, engine, vestland):
    async def cut_off(port):
        async with connected(port, vestland) as connection:
            sftp = await connection.start_sftp_client()
            file = await sftp.open(f"{HERE}/telling.txt", "wb")
            await file.write(b"TOF;")
            revoke(engine, "vestland")
            async with asyncio.timeout(20):
                await connection.wait_closed()
        await until(lambda: inbox(config) == {})

    serve(config, cut_off, check_seconds=0.05)
    refused(config, vestland)


def test_a_sender_that_stays_is_not_cut_off_by_the_check(config, vestland):
    async def stay(port):
        async with logged_in(port, vestland) as sftp:
            await asyncio.sleep(0.3)
            return await sftp.listdir("/ut")

    assert ".." in serve(config, stay, check_seconds=0.05)


def test_without_its_database_nobody_enters_and_the_server_lives(config, engine, vestland):
    engine.dispose()
    (config.data_dir / "aarshjul.db").rename(config.data_dir / "borte.db")
    refused(config, vestland)


def test_the_host_key_is_made_once_and_is_ours_alone(config):
    first = host_key(config.data_dir)
    assert host_key(config.data_dir).get_fingerprint() == first.get_fingerprint()
    (path,) = (config.data_dir / "keys").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def run(config, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(config.data_dir))
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(cli, [*map(str, words)])
    settings.cache_clear()


def test_a_sender_is_added_listed_and_removed_by_command(run, config, key, tmp_path):
    key.write_public_key(tmp_path / "ny.pub")
    added = run("senders", "add", "ny", "--scope", "46", "--key", tmp_path / "ny.pub")
    assert added.exit_code == 0, added.output
    assert key.get_fingerprint() in run("senders", "list").output
    assert as_sender(config, Sender("ny", key), lambda sftp: sftp.listdir("/"))
    again = run("senders", "add", "ny", "--scope", "46", "--key", tmp_path / "ny.pub")
    assert "heter alt «ny»" in again.output
    assert run("senders", "remove", "ny", "--actor", "ola").exit_code == 0
    assert ", fjernet " in run("senders", "list").output
    refused(config, Sender("ny", key))
    assert run("senders", "add", "ny", "--scope", "46", "--key", tmp_path / "ny.pub").exit_code == 0


def test_a_private_key_is_not_taken_and_not_shown(run, key, tmp_path):
    key.write_private_key(tmp_path / "hemmelig")
    result = run("senders", "add", "ny", "--scope", "46", "--key", tmp_path / "hemmelig")
    assert result.exit_code == 1
    assert "hemmelig er ikke en offentlig SSH-nøkkel" in result.output
    assert "PRIVATE" not in result.output


@pytest.mark.parametrize("name", ["", "Vestland", "../a", "a b", "x" * 33])
def test_a_name_is_one_that_can_log_in(run, key, tmp_path, name):
    key.write_public_key(tmp_path / "ny.pub")
    result = run("senders", "add", name, "--scope", "46", "--key", tmp_path / "ny.pub")
    assert "1–32 tegn" in result.output


def test_sftp_is_off_until_it_has_a_port(run, config):
    assert [child.name for child in processes(config)][2:] == ["SFTP"]
    without = config.model_copy(update={"sftp_port": None})
    assert len(processes(without)) == 2
    assert "AARSHJUL_SFTP_PORT=2222" in run("sftp").output


def test_the_process_tells_its_fingerprint_and_ends_when_asked(config):
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = os.environ | {
        "AARSHJUL_DATA_DIR": str(config.data_dir),
        "AARSHJUL_SFTP_PORT": str(port),
    }
    command = [sys.executable, "-m", "scheduler.cli", "sftp"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as server:
        assert f"port {port}, vertsnøkkel SHA256:" in server.stdout.readline()
        while "sftp ready" not in server.stderr.readline():
            assert server.poll() is None
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
    assert server.returncode == 0
