"""Lines put beside the register and lost in a crash are missed, never taken for an empty file."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs.imports.stage import is_whole, stage
from jobs.imports.would_end import would_end
from jobs.register.staging import SQLITE_FILE, WHOLE, Staged, StagingLostError, is_staged
from tests.jobs.frames import pupils
from tests.jobs.registers import VESTLAND, deliver, note_delivery, part_of


def empty_as_a_crash_does(database, folder, delivery_id):
    dialect = database.dialect.name
    tables = Staged.declare(VESTLAND.dataset, delivery_id, dialect).tables
    lost = [tables[frame].name for frame in (WHOLE, *(t.frame for t in VESTLAND.dataset.targets))]
    if dialect == "sqlite":
        with closing(sqlite3.connect(folder / SQLITE_FILE)) as connection:
            for table in lost:
                connection.execute(f"DELETE FROM {table}")
            connection.commit()
        return
    with database.begin() as connection:
        for table in lost:
            connection.execute(text(f"TRUNCATE {table}"))


def test_lines_that_a_crash_took_are_not_an_empty_file(database, tmp_path):
    deliver(database, tmp_path, pupils(5))
    delivery_id = note_delivery(database)
    stage(database, [part_of(pupils(5))], VESTLAND, delivery_id, tmp_path)
    assert is_staged(database, VESTLAND.dataset, delivery_id, tmp_path)
    empty_as_a_crash_does(database, tmp_path, delivery_id)
    assert not is_staged(database, VESTLAND.dataset, delivery_id, tmp_path)
    with Session(database) as session, pytest.raises(StagingLostError):
        would_end(session, VESTLAND, delivery_id, tmp_path)


def test_a_staging_folder_that_is_gone_is_no_staging(database, tmp_path):
    delivery_id, folder = note_delivery(database), tmp_path / "work"
    folder.mkdir()
    stage(database, [part_of(pupils(5))], VESTLAND, delivery_id, folder)
    assert is_whole(database, VESTLAND, delivery_id, folder)
    shutil.rmtree(folder)
    folder.mkdir()
    assert not is_whole(database, VESTLAND, delivery_id, folder)
