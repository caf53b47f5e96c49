"""Each message goes once: claimed, still true, sent, recorded; and what goes wrong has one end."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow
from scheduler.notify import claims
from scheduler.notify.outbox import queue, resolve
from scheduler.notify.tables import ContactRow
from tests.scheduler.notify_channels.desk import (
    LOOPBACK,
    NOW,
    add_contact,
    message,
    put,
    row_of,
    send,
    set_row,
    settings_for,
    states,
)
from tests.scheduler.notify_channels.web_server import says, web_server


@pytest.fixture
def settings(tmp_path, mailbox):
    return settings_for(
        tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        mail_from="frister@aarshjul.example",
        webhook_networks=LOOPBACK,
    )


def test_the_same_id_is_queued_once(database):
    contact = add_contact(database)
    with Session(database) as session, session.begin():
        assert queue(session, message("a", contact)) is True
        assert queue(session, message("a", contact, subject="Noe annet")) is False
    assert row_of(database, f"a/{contact}").subject == "Endret frist: ssbElev"


def test_a_message_is_sent_once_and_recorded(database, settings, mailbox):
    contact = add_contact(database)
    put(database, message("a", contact))
    assert send(database, settings) == 1
    assert send(database, settings, NOW + timedelta(days=1)) == 0
    assert mailbox.to == ["inntak@fylke46.example"]
    row = row_of(database, f"a/{contact}")
    assert (row.state, row.sent_at, row.attempts, row.fault) == ("sent", NOW, 1, "")


def test_nothing_goes_before_its_time(database, settings, mailbox):
    contact = add_contact(database)
    put(database, message("a", contact, not_before=NOW + timedelta(minutes=1)))
    assert send(database, settings) == 0
    assert send(database, settings, NOW + timedelta(minutes=1)) == 1


def test_without_a_mail_server_mail_waits_and_the_rest_goes(database, tmp_path):
    settings = settings_for(tmp_path, webhook_networks=LOOPBACK)
    with web_server(says(200)) as receiver:
        mail = add_contact(database)
        hook = add_contact(database, "webhook", receiver.url())
        put(database, message("a", mail), message("a", hook, "webhook", receiver.url()))
        assert send(database, settings) == 1
    assert row_of(database, f"a/{mail}").attempts == 0
    assert states(database) == Counter(planned=1, sent=1)


def test_what_is_no_longer_true_is_withheld(database, settings, mailbox):
    contact = add_contact(database)
    gone = add_contact(database, address="sluttet@fylke46.example", active=False)
    put(database, message("a", gone))
    set_row(database, f"a/{gone}", payload={"until": NOW.isoformat()})
    put(database, message("b", contact))
    assert send(database, settings) == 1
    assert row_of(database, f"a/{gone}").state == "withheld"
    assert mailbox.to == ["inntak@fylke46.example"]


def test_an_answer_belongs_to_the_first_letter_of_its_thread(database, settings, mailbox):
    contact = add_contact(database)
    other = add_contact(database, address="leder@fylke46.example")
    put(database, message("a", other, thread="t", address="leder@fylke46.example"))
    send(database, settings)
    for step, name in enumerate("bcd"):
        put(database, message(name, contact, thread="t"))
        send(database, settings, NOW + timedelta(minutes=step))
    _, first, second, third = mailbox.received
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == third["In-Reply-To"] == first["Message-ID"]


def test_a_passing_fault_is_tried_again_later_and_later_and_then_given_up(
    database, settings, mailbox
):
    mailbox.data_answer = "451 Senere"
    contact = add_contact(database)
    put(database, message("a", contact))
    now, tries = NOW, 0
    while row_of(database, f"a/{contact}").state == "planned":
        row = row_of(database, f"a/{contact}")
        assert send(database, settings, row.next_try_at - timedelta(seconds=1)) == 0
        assert row_of(database, f"a/{contact}").attempts == tries
        now, tries = row.next_try_at, tries + 1
        send(database, settings, now)
    row = row_of(database, f"a/{contact}")
    assert (row.state, row.attempts) == ("failed", len(claims.BACK_OFF) + 1)
    assert "451: Senere" in row.fault
    assert timedelta(days=1) < now - NOW < timedelta(days=2)


def test_a_refusal_for_good_is_given_up_at_once(database, settings, mailbox):
    mailbox.rcpt_answer = "550 Ukjent mottaker"
    contact = add_contact(database)
    put(database, message("a", contact))
    send(database, settings)
    row = row_of(database, f"a/{contact}")
    assert (row.state, row.attempts) == ("failed", 1)
    assert "Ukjent mottaker" in row.fault


def test_one_that_does_not_answer_holds_up_no_other(database, settings, mailbox):
    with web_server(says(503)) as receiver:
        slow = add_contact(database, "webhook", receiver.url())
        put(database, *[message(f"a{k}", slow, "webhook", receiver.url()) for k in range(3)])
        quick = add_contact(database)
        put(database, message("b", quick))
        assert send(database, settings) == 1
        assert len(receiver.calls) == 1, "the next of the same contact wait for the first"
    assert row_of(database, f"b/{quick}").state == "sent"


def test_a_receiver_that_is_gone_is_never_called_again(database, settings):
    with web_server(says(410, "Nedlagt")) as receiver:
        contact = add_contact(database, "webhook", receiver.url())
        put(database, *[message(name, contact, "webhook", receiver.url()) for name in "ab"])
        send(database, settings)
        assert len(receiver.calls) == 1
    assert states(database) == Counter(failed=1, withheld=1)
    with Session(database) as session:
        assert session.get_one(ContactRow, contact).active is False
        note = session.scalars(select(DecisionRow)).one()
    assert (note.actor, note.action) == ("varsling", "contact-gone")
    assert "Nedlagt" in note.reason


def test_a_broken_line_leaves_it_to_a_person(database, settings, mailbox):
    mailbox.hang_up = True
    contact = add_contact(database)
    put(database, message("a", contact))
    send(database, settings)
    mailbox.hang_up = False
    assert row_of(database, f"a/{contact}").state == "unknown"
    assert send(database, settings, NOW + timedelta(days=3)) == 0
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(("how", "letters"), [("sent", 1), ("again", 2)])
def test_a_person_decides_what_is_unknown(database, settings, mailbox, how, letters):
    mailbox.hang_up = True
    contact = add_contact(database)
    put(database, message("a", contact))
    send(database, settings)
    mailbox.hang_up = False
    with Session(database) as session, session.begin():
        resolve(session, f"a/{contact}", how, "drift", NOW + timedelta(hours=1))
    send(database, settings, NOW + timedelta(hours=1))
    assert row_of(database, f"a/{contact}").state == "sent"
    assert len(mailbox.letters) == letters
    with Session(database) as session:
        decision = session.scalars(select(DecisionRow)).one()
    assert (decision.actor, decision.action) == ("drift", f"message-{how}")
    with Session(database) as session, pytest.raises(LedgerError, match="ikke noe å avgjøre"):
        resolve(session, f"a/{contact}", "again", "drift", NOW)


def test_an_unknown_message_id_is_told(database):
    with Session(database) as session, pytest.raises(LedgerError, match="«borte»"):
        resolve(session, "borte", "sent", "drift", NOW)


def test_two_senders_at_once_send_each_once(database, settings, mailbox):
    contacts = [add_contact(database, address=f"rolle{k}@fylke46.example") for k in range(10)]
    for k, contact in enumerate(contacts):
        address = f"rolle{k}@fylke46.example"
        put(database, *[message(f"m{n}", contact, address=address) for n in range(3)])
    together, sent = threading.Barrier(2), []

    def sender(node: str) -> None:
        together.wait()
        sent.append(send(database, settings, node=node))

    threads = [threading.Thread(target=sender, args=(node,)) for node in ("node-1", "node-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    identities = Counter(letter["Message-ID"] for letter in mailbox.received)
    assert len(identities) == 30
    assert set(identities.values()) == {1}
    assert sum(sent) == 30
    assert states(database) == Counter(sent=30)
