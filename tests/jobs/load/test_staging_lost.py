"""Lines put beside the register and lost in a crash are missed, never taken for an empty file."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from jobs.fencing import fenced
from jobs.imports.stage import is_whole, stage
from jobs.imports.would_end import would_end
from jobs.register.staging import SQLITE_FILE, WHOLE, Staged, StagingLostError, is_staged
from jobs.register.tables import Delivery
from tests.databases import never_waiting_long
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


def test_lines_that_a_load_has_taken_are_staged_no_longer(database, tmp_path):
    """A person may ask for the load once more: it must find that it has to stage them anew.

    SQLite's are in a file of their own, which lasts as long as the run's folder.
    """
    deliver(database, tmp_path, pupils(5))
    with Session(database) as session:
        (delivery_id,) = session.scalars(select(Delivery.id))
    lasts = database.dialect.name == "sqlite"
    assert is_whole(database, VESTLAND, delivery_id, tmp_path) == lasts


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_tables_that_cannot_all_be_made_anew_are_left_as_they_were(database, tmp_path):
    """Else the lines would be gone and the mark, which is made last, would say that they are whole."""
    delivery_id = note_delivery(database)
    stage(database, [part_of(pupils(5))], VESTLAND, delivery_id, tmp_path)
    never_waiting_long(database)
    staged = Staged.declare(VESTLAND.dataset, delivery_id, database.dialect.name)
    with database.begin() as reader:
        reader.execute(staged[WHOLE].select())  # nobody may drop it meanwhile
        with pytest.raises(OperationalError):
            stage(database, [part_of(pupils(5))], VESTLAND, delivery_id, tmp_path)
    assert is_whole(database, VESTLAND, delivery_id, tmp_path)
    with database.connect() as connection:
        first = VESTLAND.dataset.targets[0].frame
        assert len(connection.execute(staged[first].select()).all()) == 5


def test_whoever_was_followed_puts_nothing_beside_the_register(database, tmp_path):
    """One that was only slow must not take away the lines that its successor loads from."""
    delivery_id = note_delivery(database)
    stage(database, [part_of(pupils(5))], VESTLAND, delivery_id, tmp_path)
    answers = iter([True, False])  # it is followed once it has begun

    def ours():
        if not next(answers):
            raise FollowedError

    with pytest.raises(FollowedError), fenced(ours):
        stage(database, [part_of(pupils(3))], VESTLAND, delivery_id, tmp_path)
    assert is_whole(database, VESTLAND, delivery_id, tmp_path)


def test_whoever_is_followed_while_it_stages_adds_no_more(database, tmp_path):
    """Its slices would stand among its successor's, under a mark that says they are whole."""
    delivery_id = note_delivery(database)
    answers = iter([True, True, False])  # as it begins, as it opens the tables, before its slice

    def ours():
        if not next(answers):
            raise FollowedError

    with pytest.raises(FollowedError), fenced(ours):
        stage(database, [part_of(pupils(3))], VESTLAND, delivery_id, tmp_path)
    assert not is_staged(database, VESTLAND.dataset, delivery_id, tmp_path)


class FollowedError(Exception):
    """Another execution has the run."""
