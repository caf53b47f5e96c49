"""What is read once in a look, and what is read anew each time."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from scheduler.ledger import pausing
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.once import one_look
from scheduler.ledger.read import version_in_use
from scheduler.schema import upgrade
from tests.web import seed


def asked(engine, session, read):
    """How many statements two readings of the same take."""
    found = []
    event.listen(engine, "before_cursor_execute", lambda *call: found.append(call[2]))
    with session:
        first, second = read(session), read(session)
    assert first == second
    return len([statement for statement in found if statement != "BEGIN"])


def test_a_look_asks_once_and_any_other_session_each_time(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/ledger.db")
    upgrade(engine)
    assert asked(engine, one_look(engine), version_in_use) == 1
    assert asked(engine, reading(engine), version_in_use) > 1
    engine.dispose()


def test_each_look_sees_what_was_written_before_it(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/ledger.db")
    upgrade(engine)
    with one_look(engine) as before:
        assert pausing.not_ended(before) == ()
    with Session(engine) as session, session.begin():
        pausing.hold_sends(session, "klokkevakt", "Klokka gikk feil.", seed.NOW)
    with one_look(engine) as after:
        assert [pause.reason for pause in pausing.not_ended(after)] == ["Klokka gikk feil."]
    engine.dispose()
