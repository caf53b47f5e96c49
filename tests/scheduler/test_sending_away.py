"""A delivery over SFTP by the engine, to a real server, and its receipt read back."""

import time
from contextlib import contextmanager
from datetime import date
from functools import partial
from hashlib import sha256
from types import SimpleNamespace

import asyncssh
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Limits
from jobs.channels.faults import NoRoomThere, UnreachedError
from jobs.register.deliveries import sent
from scheduler.engine.answers import StepFailedError, answer, may_pass
from scheduler.engine.durable import DurableEngine
from scheduler.engine.fate import note_received, unknown_fate
from scheduler.engine.receiving import Receiving
from scheduler.engine.runtime import RuntimeParts
from scheduler.ledger import runs, slips
from scheduler.ledger.database import reading
from scheduler.ledger.state import State
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow
from scheduler.matters.matter import Kind
from tests.jobs.channels.parcels import (
    NAME,
    channels_file,
    client_key,
    envelope,
    new_identity,
    sftp_way,
)
from tests.jobs.channels.sftp_server import sftp_server
from tests.jobs.frames import pupils
from tests.jobs.registers import deliver
from tests.scheduler.test_operate import DELIVERY, NOW, calendar
from tests.scheduler.test_receiving import LATER, NAMED, RUN, receipt, status, told

__all__ = ["calendar"]


@pytest.fixture
def database(planned_database):
    return planned_database


@pytest.fixture
def away(database, tmp_path, calendar):
    """A delivery that the engine has sent over SFTP: the receiver's server, and a way to ask it."""
    deliver(database, tmp_path / "load", pupils(5))
    private, key = client_key(tmp_path)
    with sftp_server(tmp_path / "there", key) as receiver:
        ways = partial(channels_file, tmp_path)
        receiver.way = sftp_way(receiver, private, new_identity())
        receiver.file = ways(ssb=receiver.way)
        with started(database, tmp_path, receiver.file) as engine:
            receiver.run = partial(run_through, database, engine)
            receiver.ask = Receiving(database, tmp_path, receiver.file).round
            receiver.ways = ways
            yield receiver


@contextmanager
def started(database, data_dir, channels):
    """An engine that sends as the file of channels says."""
    url = database.url.render_as_string(hide_password=False)
    own = f"sqlite:///{data_dir / 'engine.db'}" if "sqlite" in url else url
    parts = RuntimeParts(database, data_dir, JOBS, lambda: NOW, Limits(), channels)
    engine = DurableEngine(own.replace("+psycopg", ""), "test-node", 4, parts)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def run_through(database, engine):
    """Order the delivery's next run; its row when it has ended."""
    with Session(database) as session, session.begin():
        row = runs.occurrence_row(session, DELIVERY)
        row.reference_date = date(2026, 10, 1)
        number = runs.next_number(session, DELIVERY)
        order = runs.request_run(session, row, number, "deliver-ssbelev", {}, "kari", NOW).order
    engine.submit(order)
    until = time.monotonic() + 90
    while time.monotonic() < until:
        with Session(database) as session:
            run = session.get_one(RunRow, order["run_id"])
            if run.finished_at is not None:
                return run
        time.sleep(0.05)
    raise AssertionError("the run did not finish")


def test_a_delivery_over_sftp_is_done_when_its_receipt_has_been_read_back(away, database, calendar):
    assert away.run().state == "sent"
    with reading(database) as session:
        (outbound,) = sent(session, DELIVERY)
        assert outbound.received_at is None
        hashed = outbound.receipt["envelope_sha256"]
        assert status(session, calendar, NOW).state is State.UNCONFIRMED
    assert envelope(away.root / "inn" / NAME)["levering"] == DELIVERY
    away.ask(LATER)
    (away.root / "ut" / NAMED).write_bytes(receipt(konvolutt_sha256=hashed).content)
    away.ask(LATER)
    with reading(database) as session:
        assert session.get_one(OccurrenceRow, DELIVERY).outcome == "done"
        assert session.scalars(select(ReceiptRow)).one().detail["filer"][0]["rader"] == 5
    before = len(away.connections)
    away.ask(LATER)  # nothing is owed: nobody is asked
    assert len(away.connections) == before


def test_a_full_disk_there_fails_the_step_in_words_and_a_new_run_completes_it(away, database):
    away.fault = "no space"
    run = away.run()
    assert run.state == "failed"
    assert "Disken hos «ssb» er full" in run.reasons[0]
    away.fault = ""
    assert away.run().state == "sent"


def test_a_line_cut_after_the_rename_is_mended_by_the_same_run_without_sending_again(
    away, database
):
    away.fault = "cut after rename"
    assert away.run().state == "sent"
    assert [path.name for path in (away.root / "inn").iterdir()] == [NAME]
    with reading(database) as session:
        (outbound,) = sent(session, DELIVERY)
        written = (away.root / "inn" / NAME / "konvolutt.json").read_bytes()
        assert outbound.receipt["envelope_sha256"] == sha256(written).hexdigest()


def test_what_nobody_can_look_up_fails_the_run_and_waits_for_a_person(away, database, calendar):
    away.fault = "cut before rename"
    run = away.run()
    assert run.state == "failed"
    assert "Vi vet ikke om leveringen kom fram" in run.reasons[0]
    with reading(database) as session:
        assert Kind.UNKNOWN in {m.kind for m in told(session, calendar)}
    assert away.run().state == "failed"  # ordered anew, it is still not sent blindly
    with reading(database) as session:
        assert unknown_fate(session, DELIVERY) is not None
    assert not (away.root / "inn" / NAME).exists()


def test_a_changed_host_key_is_told_where_it_is_met_until_it_is_mended(away, database, calendar):
    away.run()
    other = asyncssh.generate_private_key("ssh-ed25519")
    pinned = other.export_public_key("openssh").decode().strip()
    away.ways(ssb=away.way | {"host_key": pinned})
    away.ask(LATER)
    with reading(database) as session:
        (channel,) = slips.broken_channels(session)
        assert "viser en annen vertsnøkkel" in channel.fault
        assert Kind.CHANNEL in {m.kind for m in told(session, calendar)}
    assert "viser en annen vertsnøkkel" in away.run().reasons[0]
    away.ways(ssb=away.way)
    away.ask(LATER)
    with reading(database) as session:
        assert slips.broken_channels(session) == []


def test_a_broken_channel_is_nobody_s_matter_once_its_receiver_owes_nothing(away, database):
    away.run()
    away.ways(ssb=away.way | {"port": 1})
    away.ask(LATER)
    with Session(database) as session, session.begin():
        (channel,) = slips.broken_channels(session)
        assert (channel.fault_since, "Får ikke kontakt" in channel.fault) == (LATER, True)
        (outbound,) = sent(session, DELIVERY)
        content = outbound.manifest_sha256
        note_received(session, DELIVERY, content, "SSB-77", "kari", "Ringte SSB", LATER)
    away.ask(LATER)
    with reading(database) as session:
        assert slips.broken_channels(session) == []


def test_no_contact_is_tried_again_and_what_a_person_must_mend_is_not():
    def step(fault):
        def body():
            raise fault

        with pytest.raises(StepFailedError) as found:
            answer(body, SimpleNamespace(run_id=RUN), "send")
        return may_pass(found.value), str(found.value)

    assert step(UnreachedError("ssb", "stille")) == (True, "Får ikke kontakt med «ssb» (stille).")
    passes, said = step(NoRoomThere("ssb"))
    assert (passes, "Disken hos «ssb» er full" in said) == (False, True)
