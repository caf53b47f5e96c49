"""A sender killed between sending and recording: nothing is sent twice blindly, nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.notify.outbox import resolve
from scheduler.notify.tables import MessageRow
from scheduler.notify_round import notify
from scheduler.settings import PROJECT_ROOT
from tests.scheduler.notify_channels.desk import (
    LOOPBACK,
    add_contact,
    message,
    put,
    row_of,
    settings_for,
)
from tests.scheduler.notify_channels.web_server import says, web_server

SENDER = """
from datetime import UTC, datetime
from scheduler.ledger.database import open_database
from scheduler.notify.outbox import send_waiting
from scheduler.settings import settings
database = open_database(settings().ledger_url)
send_waiting(database, settings(), lambda: datetime.now(UTC), settings().node)
"""
# The real clock: the sender is a process of its own.
SINCE = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
def settings(tmp_path, database_url, mailbox):
    return settings_for(
        tmp_path,
        database_url=database_url,
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        mail_from="frister@aarshjul.example",
        webhook_networks=LOOPBACK,
    )


class Killed:
    """A sender in a process of its own, killed when a server says so."""

    def __init__(self, settings) -> None:
        named = {
            f"AARSHJUL_{name.upper()}": str(getattr(settings, name))
            for name in settings.model_fields_set
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", SENDER], cwd=PROJECT_ROOT, env=os.environ | named
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ended(self) -> int:
        return self.process.wait(timeout=120)


@contextmanager
def holding(database, message_id: str) -> Iterator[None]:
    """Keep a row from being written, so that what was sent cannot be recorded."""
    release = threading.Event()

    def hold() -> None:
        with Session(database) as session, session.begin():
            session.scalar(select(MessageRow).where(MessageRow.id == message_id).with_for_update())
            held.set()
            release.wait()

    held = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        yield
    finally:
        release.set()
        thread.join()


def restart(database, settings) -> int:
    """The node's next life: the same name, another process."""
    return notify(database, settings, lambda: datetime.now(UTC))


def queued(database, channel: str = "email", address: str = "") -> str:
    contact = add_contact(database, channel, address)
    put(database, message("a", contact, channel, address, not_before=SINCE))
    return f"a/{contact}"


def test_killed_before_the_answer_a_person_decides(database, settings, mailbox):
    message_id, sender = queued(database), []
    started = threading.Event()

    def kill() -> None:
        started.wait()
        sender[0].kill()

    mailbox.on_data = kill
    sender.append(Killed(settings))
    started.set()
    assert sender[0].ended() == -signal.SIGKILL
    assert row_of(database, message_id).state == "sending"
    mailbox.on_data = lambda: None
    assert restart(database, settings) == 0
    assert row_of(database, message_id).state == "unknown"
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(("how", "letters"), [("sent", 1), ("again", 2)])
def test_killed_after_the_answer_a_person_decides(database, settings, mailbox, how, letters):
    message_id, sender = queued(database), []
    started, told = threading.Event(), threading.Event()

    def kill_when_told() -> None:
        """The sender has the answer when it says goodbye; it cannot write what it knows."""
        started.wait()
        told.set()
        sender[0].kill()

    mailbox.on_quit = kill_when_told
    with ExitStack() as held:
        mailbox.on_data = lambda: held.enter_context(holding(database, message_id))
        sender.append(Killed(settings))
        started.set()
        assert sender[0].ended() == -signal.SIGKILL
        assert told.is_set()
    mailbox.on_data = mailbox.on_quit = lambda: None
    assert row_of(database, message_id).state == "sending"
    assert restart(database, settings) == 0
    assert row_of(database, message_id).state == "unknown"
    assert len(mailbox.letters) == 1
    with Session(database) as session, session.begin():
        resolve(session, message_id, how, "drift", datetime.now(UTC))
    restart(database, settings)
    assert len(mailbox.letters) == letters
    assert row_of(database, message_id).state == "sent"
    assert len({letter["Message-ID"] for letter in mailbox.received}) == 1


def test_a_killed_webhook_goes_again_under_its_id(database, settings):
    sender, started = [], threading.Event()

    def killing(_receiver, _sock) -> None:
        started.wait()
        sender[0].kill()

    with web_server(killing, says(200)) as receiver:
        message_id = queued(database, "webhook", receiver.url())
        sender.append(Killed(settings))
        started.set()
        assert sender[0].ended() == -signal.SIGKILL
        assert row_of(database, message_id).state == "sending"
        assert restart(database, settings) == 1
        first, second = receiver.calls
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert row_of(database, message_id).state == "sent"
