"""The disk under PostgreSQL fills up in the middle of a load: nothing is stored, and a retry loads the file.

The database lies in a tablespace on a small disk of its own, so that the server lives and says what is
wrong. A mount needs root.
"""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from scheduler.engine.answers import DATABASE_FULL
from scheduler.engine.operate import order_retry
from tests import postgres
from tests.chaos.scenes import prepare, service_at, settings_of
from tests.databases import _administer, _in_database
from tests.scheduler import live
from tests.scheduler.test_disk_full import (
    DELIVERY,
    IMPORT,
    SCENE,
    before_the_load,
    files_at_rest,
    played,
    until,
)

__all__ = ["played"]

SIZE = 96 << 20  # bytes, enough for the day with room to spare
LEFT = 192 << 10  # bytes left when it is full: the ledger's few rows find room, a county's do not
pytestmark = pytest.mark.chaos


@contextmanager
def small_disk(size):
    """A folder that the server may write in, on a disk of so many bytes."""
    folder = Path(tempfile.mkdtemp(prefix="aarshjul-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


@pytest.fixture
def disk():
    with small_disk(SIZE) as folder:
        yield folder


@pytest.fixture
def url(disk):
    """A database on the small disk."""
    with postgres.own_server(postgres.WITHOUT_WAITING_FOR_THE_DISK) as server:
        tablespace = disk / "tablespace"
        tablespace.mkdir()
        server.own(tablespace)
        _administer(
            server.url,
            f"CREATE TABLESPACE small LOCATION '{tablespace}'",
            "CREATE DATABASE full_disk TEMPLATE template0 TABLESPACE small",
        )
        yield _in_database(server.url, "full_disk")


def fill(disk):
    """Take what the disk has left, but for a little."""
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize - LEFT))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a driver's, let go
def test_a_full_server_keeps_what_it_had_and_a_retry_with_space_loads_the_file(
    disk, url, played, tmp_path, monkeypatch
):
    settings, full = settings_of(tmp_path, url), [True]
    prepare(settings, SCENE)

    def fill_once(_session):
        if full:
            fill(disk)
            full.clear()

    step = before_the_load(monkeypatch, fill_once)
    with service_at(settings, SCENE.now) as service:
        failed = until(service, IMPORT, "failed")
        assert failed.reasons == [f"Steget «{step.title}» feilet: {DATABASE_FULL}"]
        assert live.count(service.database, "elevkurs") == 0
        (disk / "filler").unlink()
        with Session(service.database) as session, session.begin():
            order_retry(
                session, service.ticker.calendar, IMPORT, "kari", "Det er plass igjen", SCENE.now
            )
        assert until(service, IMPORT, "done").id == failed.id
        until(service, DELIVERY, "done")
        assert files_at_rest(service) == played
