"""A round that fails in one part does the others, and tells on the health page."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.ledger.health import health
from scheduler.ledger.tables import CalendarVersion, NodeRow
from scheduler.notify.channels import NO_MAIL
from scheduler.notify_round import notify
from tests.scheduler.notify_channels.desk import (
    NOW,
    add_contact,
    clock,
    message,
    put,
    row_of,
    settings_for,
)


@pytest.fixture
def node(database):
    with Session(database) as session, session.begin():
        session.add(
            NodeRow(name="node-1", process_id=1, started_at=NOW, ticked_at=NOW, tick_seconds=15)
        )


def faults(database, now=NOW) -> tuple[str, ...]:
    with Session(database) as session:
        return health(session, now).notify_faults


def test_mail_that_cannot_go_is_told_until_it_can(database, tmp_path, node):
    contact = add_contact(database)
    put(database, message("a", contact))
    assert notify(database, settings_for(tmp_path), clock) == 0
    assert faults(database) == (f"{NO_MAIL} Venter: én melding.",)
    assert notify(database, settings_for(tmp_path, mail_folder=tmp_path / "mail"), clock) == 1
    assert faults(database) == ()


def test_a_mail_server_that_takes_nothing_is_told_without_its_words(
    database, tmp_path, node, mailbox
):
    mailbox.rcpt_answer = "451 inntak@fylke46.example er full"
    contact = add_contact(database)
    put(database, message("a", contact))
    values = {"smtp_port": mailbox.port, "smtp_security": "none", "mail_from": "a@b.example"}
    notify(database, settings_for(tmp_path, smtp_host="127.0.0.1", **values), clock)
    (fault,) = faults(database)
    assert "prøves på nytt" in fault
    assert "én melding" in fault
    assert "inntak@" not in fault, "the page is open to all"


def test_mail_that_waits_for_its_time_is_no_fault(database, tmp_path, node):
    contact = add_contact(database)
    put(database, message("a", contact, not_before=NOW + timedelta(minutes=1)))
    notify(database, settings_for(tmp_path), clock)
    assert faults(database) == ()


def test_reminders_that_fail_do_not_stop_what_waits(database, tmp_path, node, caplog):
    broken = CalendarVersion(
        number=1,
        sha256="0" * 64,
        text="dette: er ingen kalender",
        in_use_since=NOW,
        published_by="",
    )
    contact = add_contact(database)
    put(database, message("a", contact))
    with Session(database) as session, session.begin():
        session.add(broken)
    with Session(database) as session, session.begin():
        session.execute(text("UPDATE message SET state = 'sending', claimed_by = 'node-1#earlier'"))
    notify(database, settings_for(tmp_path, mail_folder=tmp_path / "mail"), clock)
    assert row_of(database, f"a/{contact}").state == "unknown"
    (fault,) = faults(database)
    assert fault.startswith("Påminnelser kunne ikke avgjøres (CalendarError)")
    assert any(record.action == "notify" for record in caplog.records)


def test_a_scheduler_that_ticks_and_no_longer_notifies_is_seen(database, tmp_path, node):
    notify(database, settings_for(tmp_path), clock)
    late = NOW + timedelta(minutes=31)
    with Session(database) as session, session.begin():
        session.get_one(NodeRow, "node-1").ticked_at = late
    assert faults(database, NOW + timedelta(minutes=29)) == ()
    assert "over en halv time" in faults(database, late)[0]
