"""The way into the database, and out of it."""

import pytest

from scheduler.ledger.database import close_database, open_database


@pytest.mark.parametrize("gone", [close_database, lambda engine: engine.dispose()])
def test_what_a_thread_has_in_hand_is_closed_when_it_gives_it_back(empty_postgres_url, gone):
    database = open_database(empty_postgres_url)
    with database.connect() as connection:
        session = connection.connection.driver_connection
        gone(database)
        assert not session.closed
    closed = bool(session.closed)
    session.close()
    # What the library does by itself is why there is another.
    assert closed is (gone is close_database)


def test_a_database_that_is_closed_can_be_asked_again_and_keeps_nothing_open(empty_database_url):
    database = open_database(empty_database_url)
    close_database(database)
    with database.connect() as connection:
        session = connection.connection.driver_connection
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    with pytest.raises(Exception, match=r"closed"):
        session.execute("SELECT 1")
