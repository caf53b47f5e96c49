"""A desk: contacts and messages as the rest of notify would make them."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.notify.message import Envelope, Message
from scheduler.notify.outbox import queue, send_waiting
from scheduler.notify.tables import ContactRow, MessageRow
from scheduler.settings import Settings

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LOOPBACK = "127.0.0.0/8"
SECRET = "whsec_" + "c3ludGhldGlj" * 3
ADDRESSES = {
    "email": "inntak@fylke46.example",
    "teams": "https://flyt.example/kort",
    "webhook": "https://fagsystem.example/frister",
}


def clock() -> datetime:
    return NOW


def settings_for(folder: Path, **values: Any) -> Settings:
    return Settings(
        data_dir=folder, public_url="https://aarshjul.example", uid_domain="example", **values
    )


def add_contact(engine: Engine, channel: str = "email", address: str = "", **values: Any) -> int:
    with Session(engine) as session, session.begin():
        row = ContactRow(
            scope="46",
            role="inntak",
            channel=channel,
            address=address or ADDRESSES[channel],
            secret=SECRET if channel == "webhook" else "",
            created_at=NOW,
            **values,
        )
        session.add(row)
        session.flush()
        return row.id


def message(
    name: str, contact: int = 1, channel: str = "email", address: str = "", **values: Any
) -> Message:
    given = {
        "kind": "notice",
        "subject": "Endret frist: ssbElev",
        "text": "Fristen er flyttet.\n",
        "html": "<p>Fristen er flyttet.</p>",
        "not_before": NOW,
    }
    return Message(
        id=f"{name}/{contact}",
        contact_id=contact,
        scope="46",
        role="inntak",
        channel=channel,
        address=address or ADDRESSES[channel],
        **{**given, **values},
    )


def enveloped(name: str = "endring/7/46/inntak", **values: Any) -> Envelope:
    around = {key: values.pop(key) for key in ("answers", "unsubscribe") if key in values}
    return Envelope(message(name, **values), SECRET, **around)


def put(engine: Engine, *messages: Message) -> None:
    with Session(engine) as session, session.begin():
        for each in messages:
            assert queue(session, each)


def send(engine: Engine, settings: Settings, now: datetime = NOW, node: str = "node-1") -> int:
    return send_waiting(engine, settings, lambda: now, node)


def row_of(engine: Engine, message_id: str) -> MessageRow:
    with Session(engine, expire_on_commit=False) as session:
        return session.get_one(MessageRow, message_id)


def states(engine: Engine) -> Counter[str]:
    with Session(engine) as session:
        return Counter(session.scalars(select(MessageRow.state)))


def set_row(engine: Engine, message_id: str, **values: Any) -> None:
    with Session(engine) as session, session.begin():
        row = session.get_one(MessageRow, message_id)
        for name, value in values.items():
            setattr(row, name, value)
