"""Processes under one roof: a death is mended, Ctrl+C ends everything, twice is no harm."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from socket import create_connection, socket
from urllib.request import urlopen

import pytest

from scheduler.cli.serve import check_port_is_free, check_sftp_port_is_free
from scheduler.settings import read_settings
from tests.planned import CALENDAR, calendar_in, starting_only

PARENT = """
import sys
from scheduler.cli.supervise import Child, run_together
note = "import sys,time; open(sys.argv[1],'a').write('x'); time.sleep(60)"
dies = "import sys; open(sys.argv[1],'a').write('x')"
deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + note
words = {"dies": dies, "lives": note, "deaf": deaf}[sys.argv[3]]
run_together(
    [Child("Den ene", [sys.executable, "-c", note, sys.argv[1]]),
     Child("Den andre", [sys.executable, "-c", words, sys.argv[2]])],
    "klar",
    60,
)
"""


@contextmanager
def running(command, **options):
    """The process; asked to stop when the test fails before it has stopped it, and then killed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def start(folder, second):
    command = [sys.executable, "-c", PARENT, str(folder / "a"), str(folder / "b"), second]
    return running(command, stderr=subprocess.PIPE, text=True)


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def starts(path):
    return len(path.read_text()) if path.exists() else 0


def test_one_that_dies_is_started_again_and_the_other_goes_on(tmp_path):
    with start(tmp_path, "dies") as parent:
        wait_for(lambda: starts(tmp_path / "b") >= 3)
        assert starts(tmp_path / "a") == 1
        parent.send_signal(signal.SIGTERM)
        _, told = parent.communicate(timeout=20)
    assert parent.returncode == 0
    assert "Den andre stoppet uventet; startes på nytt." in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_twice_to_stop_it_stops_once_and_leaves_nobody_behind(tmp_path, number):
    with start(tmp_path, "lives") as parent:
        wait_for(lambda: starts(tmp_path / "a") == starts(tmp_path / "b") == 1)
        parent.send_signal(number)
        parent.send_signal(number)
        told, faults = parent.communicate(timeout=20)
    assert (parent.returncode, faults) == (0, "")
    assert "Avslutter" in told


def test_one_that_still_works_may_finish_until_we_are_told_a_second_time(tmp_path):
    with start(tmp_path, "deaf") as parent:
        wait_for(lambda: starts(tmp_path / "a") == starts(tmp_path / "b") == 1)
        parent.send_signal(signal.SIGTERM)
        time.sleep(2)
        assert parent.poll() is None
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(10) == 0


def free_port():
    with closing(socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/health") as answer:
            return answer.status == 200
    except OSError:
        return False


def greets(port):
    """Whether an SSH server answers there."""
    try:
        with create_connection(("127.0.0.1", port), timeout=5) as line:
            return line.recv(8) == b"SSH-2.0-"
    except OSError:
        return False


def test_the_others_survive_the_scheduler_and_the_ports_are_free_after_ctrl_c(tmp_path):
    port, sftp_port = free_port(), free_port()
    environment = os.environ | {
        "AARSHJUL_DATA_DIR": str(tmp_path),
        "AARSHJUL_CALENDAR": str(calendar_in(tmp_path, starting_only(CALENDAR))),
        "AARSHJUL_PORT": str(port),
        "AARSHJUL_SFTP_PORT": str(sftp_port),
        "AARSHJUL_TICK_SECONDS": "1",
        "AARSHJUL_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "scheduler.cli", "serve"]
    with running(command, env=environment) as parent:
        wait_for(lambda: answers(port) and greets(sftp_port), 60)
        [scheduler] = _children(parent.pid, "scheduler.cli scheduler")
        os.kill(scheduler, signal.SIGKILL)
        wait_for(lambda: _children(parent.pid, "scheduler.cli scheduler") not in ([], [scheduler]))
        wait_for(lambda: answers(port) and greets(sftp_port), 60)
        parent.send_signal(signal.SIGINT)
        parent.communicate(timeout=60)
    assert parent.returncode == 0
    assert not answers(port)
    check_port_is_free(read_settings(port=port))
    check_sftp_port_is_free(read_settings(sftp_port=sftp_port))


def _children(parent, words):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent_of_it = (process / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            command = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended while we looked
        if int(parent_of_it) == parent and state != "Z" and words in command:
            found.append(int(process.name))
    return found
