"""The register stands on both kinds of database with the same meaning."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery

NOON = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)


def _delivery(received_at=NOON, **values):
    defaults = {
        "sha256": "a" * 64,
        "sender": "46",
        "deliverable": "skole-off-telling-okt",
        "file_name": "telling.txt",
        "archived_as": "archive/telling.txt",
        "bytes": 5_000_000_000,
    }
    return Delivery(received_at=received_at, **{**defaults, **values})


def test_an_instant_comes_back_aware_and_in_utc(database):
    with Session(database) as session, session.begin():
        session.add(_delivery(NOON.astimezone(timezone(timedelta(hours=2)))))
    with Session(database) as session:
        stored = session.scalars(select(Delivery)).one()
    assert stored.received_at == NOON
    assert stored.received_at.utcoffset() == timedelta(0)
    assert stored.bytes == 5_000_000_000


def test_a_naive_instant_is_refused(database):
    with Session(database) as session:
        session.add(_delivery(NOON.replace(tzinfo=None)))
        with pytest.raises(StatementError, match="naive"):
            session.flush()


def test_the_same_content_from_the_same_sender_is_one_delivery(database):
    with Session(database) as session:
        session.add_all([_delivery(), _delivery(file_name="annet navn.txt")])
        with pytest.raises(IntegrityError):
            session.flush()


def test_the_same_content_from_two_senders_is_two_deliveries(database):
    with Session(database) as session:
        session.add_all([_delivery(), _delivery(sender="03")])
        session.flush()
