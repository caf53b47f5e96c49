"""A claim outlives its sender only until somebody settles it; what really happened counts."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler.notify import claims
from scheduler.notify.faults import PermanentFault
from tests.scheduler.notify_channels.desk import NOW, add_contact, message, put, row_of, set_row


def claim(database, message_id: str, node: str = "node-1", now=NOW) -> None:
    with Session(database) as session, session.begin():
        assert claims.claim(session, message_id, node, now)


def recover(database, node: str, now) -> int:
    with Session(database) as session, session.begin():
        return claims.recover(session, node, now)


@pytest.mark.parametrize(("channel", "state"), [("email", "unknown"), ("webhook", "planned")])
def test_a_claim_of_an_earlier_life_is_settled_at_once(database, channel, state):
    contact = add_contact(database, channel)
    put(database, message("a", contact, channel))
    claim(database, f"a/{contact}")
    assert recover(database, "node-1", NOW) == 0, "this life's own"
    set_row(database, f"a/{contact}", claimed_by="node-1#earlier")
    assert recover(database, "node-2", NOW) == 0, "another node's"
    assert recover(database, "node-1", NOW) == 1
    assert row_of(database, f"a/{contact}").state == state


def test_a_claim_past_its_lease_is_anybodys_to_settle(database):
    contact = add_contact(database)
    put(database, message("a", contact))
    claim(database, f"a/{contact}")
    assert recover(database, "node-2", NOW + claims.LEASE) == 0
    assert recover(database, "node-2", NOW + claims.LEASE + timedelta(seconds=1)) == 1


def test_a_sender_that_was_slower_than_its_lease_still_tells_the_truth(database):
    contact = add_contact(database)
    put(database, message("a", contact))
    claim(database, f"a/{contact}")
    late = NOW + timedelta(hours=1)
    recover(database, "node-2", late)
    with Session(database) as session, session.begin():
        claims.record(session, f"a/{contact}", "node-1", late, None)
    assert row_of(database, f"a/{contact}").state == "sent"


def test_a_late_word_does_not_touch_what_another_sender_has(database):
    contact = add_contact(database, "webhook")
    put(database, message("a", contact, "webhook"))
    claim(database, f"a/{contact}")
    late = NOW + timedelta(hours=1)
    recover(database, "node-2", late)
    claim(database, f"a/{contact}", "node-2", late)
    with Session(database) as session, session.begin():
        claims.record(session, f"a/{contact}", "node-1", late, PermanentFault("Nei"))
    row = row_of(database, f"a/{contact}")
    assert (row.state, row.fault) == ("sending", "")
