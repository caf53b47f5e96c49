"""A running service sends by itself, and a receiver that keeps it waiting holds up no deadline."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.daemon import Service, ticking
from scheduler.ledger.tables import NodeRow
from tests.scheduler.notify_channels.desk import (
    add_contact,
    message,
    put,
    row_of,
    settings_for,
)

SINCE = datetime.now(UTC) - timedelta(minutes=1)


def until(holds: Callable[[], object], seconds: float = 25) -> None:
    """Wait for something another thread does; shorter than a mail server may keep us waiting."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def ticked_at(service: Service) -> datetime | None:
    with Session(service.database) as session:
        node = session.get(NodeRow, service.settings.node)
        return node and node.ticked_at


def test_ticks_go_on_while_a_letter_is_on_its_way(tmp_path, mailbox):
    arrived, release = threading.Event(), threading.Event()

    def keep_waiting() -> None:
        arrived.set()
        release.wait()

    mailbox.on_data = keep_waiting
    settings = settings_for(
        tmp_path,
        calendar=tmp_path / "calendar.yaml",
        tick_seconds=0.1,
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        mail_from="frister@aarshjul.example",
    )
    with Service(settings) as service:
        contact = add_contact(service.database)
        put(service.database, message("a", contact, not_before=SINCE))
        scheduler = ticking(service)
        scheduler.start()
        try:
            assert arrived.wait(60)
            seen = ticked_at(service)
            until(lambda: ticked_at(service) != seen)
            assert row_of(service.database, f"a/{contact}").state == "sending"
            release.set()
            until(lambda: row_of(service.database, f"a/{contact}").state == "sent")
        finally:
            release.set()
            scheduler.shutdown(wait=True)
    assert len(mailbox.letters) == 1
