"""Receipts of receivers: matched to what was sent, half ones and strays kept and told, nobody's guessed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.channels.marking import noted_on
from jobs.channels.slips import Slip
from scheduler.engine.fate import order_resend
from scheduler.engine.receiving import take, unconfirmed
from scheduler.inbox import inbox
from scheduler.ledger import slips
from scheduler.ledger.proof import Targets, prove
from scheduler.ledger.read import items
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.slips import SlipRow, SlipState
from scheduler.ledger.state import State
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, ReceiptRow, RunRow
from scheduler.matters.matter import Kind
from tests.jobs.channels.parcels import (
    NAME,
)
from tests.scheduler.test_operate import DELIVERY, NOW, SEEN, calendar, ran, session
from tests.web import seed

__all__ = ["calendar", "session"]

LATER = NOW + timedelta(hours=1)
RUN = f"{DELIVERY}#1"
NAMED = f"{NAME}.kvittering.json"


def receipt(name=NAMED, **changes):
    said = {
        "levering": DELIVERY,
        "konvolutt_sha256": SEEN,
        "status": "mottatt",
        "referanse": "SSB-77",
    }
    return Slip(name, json.dumps(said | changes).encode())


@pytest.fixture
def outbound(session):
    """What was sent by a run that has ended, and waits for its receipt."""
    ran(session, DELIVERY, "sent")
    row = seed.left_uncertain(session, DELIVERY)
    row.receipt = {"envelope_sha256": SEEN, "filer": [{"fil": "ssbElev.csv", "rader": 1}]}
    session.flush()
    return row


def kept(session):
    return [(row.state, row.said) for row in session.scalars(select(SlipRow).order_by(SlipRow.id))]


def told(session, calendar, now=LATER):
    kinds = (Kind.RECEIPT, Kind.CHANNEL, Kind.UNKNOWN, Kind.UNCONFIRMED)
    return [m for m in inbox(session, calendar, now) if m.kind in kinds]


def status(session, calendar, now):
    found = items(session, calendar, "2026-2027", now)
    return next(item.status for item in found if item.key == DELIVERY)


def test_its_own_receipt_makes_a_delivery_done(session, calendar, outbound):
    assert unconfirmed(session) == {"ssb": [DELIVERY]}
    take(session, "ssb", receipt(merknad="ok"), LATER)
    row = session.get_one(OccurrenceRow, DELIVERY)
    assert (row.outcome, row.outcome_at) == ("done", LATER)
    found = session.scalars(select(ReceiptRow)).one()
    assert (found.reference, found.receiver) == ("SSB-77", "ssb")
    assert found.detail["filer"] == [{"fil": "ssbElev.csv", "rader": 1}]
    assert found.detail["mottakerens svar"]["merknad"] == "ok"
    assert kept(session) == [("matched", "")]
    assert (outbound.received_at, unconfirmed(session)) == (LATER, {})
    session.flush()
    assert prove(session, Targets.of(calendar, LATER), {}, LATER).findings == ()


def test_without_a_receipt_it_is_sent_and_unconfirmed_and_then_late(session, calendar, outbound):
    due = session.get_one(OccurrenceRow, DELIVERY).due
    before = NOW - timedelta(days=(NOW.date() - due).days + 1)
    assert status(session, calendar, before).state is State.UNCONFIRMED
    assert told(session, calendar, before) == []
    after = status(session, calendar, NOW)
    assert (after.state, after.late) == (State.UNCONFIRMED, True)
    assert after.label == "Sendt, ikke bekreftet, forsinket"
    (matter,) = told(session, calendar)
    assert matter.kind is Kind.UNCONFIRMED
    assert "har ikke kvittert" in matter.sentence
    assert order_resend(session, calendar, DELIVERY, "1" * 64, "kari", "SSB har den ikke", LATER)
    assert outbound.receipt == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "filen er tom"),
        (receipt().content[:40], "avkuttet eller ikke JSON"),
        (b"\xff\xfe\x00", "avkuttet eller ikke JSON"),
        (b'{"levering": "x"}', "«konvolutt_sha256» mangler"),
        (receipt(status="kanskje").content, "«status» er ikke som avtalt"),
        (receipt(referanse="").content, "«referanse» er ikke som avtalt"),
        (b" " * 70_000 + b"x", "over 64 kB"),
    ],
)
def test_half_a_receipt_is_kept_told_and_no_receipt(session, calendar, outbound, content, said):
    take(session, "ssb", Slip(NAMED, content), LATER)
    ((state, words),) = kept(session)
    assert state == "faulty"
    assert said in words
    assert outbound.received_at is None
    assert any(m.kind is Kind.RECEIPT and said in m.sentence for m in told(session, calendar))


def test_a_whole_receipt_in_its_place_ends_the_matter(session, calendar, outbound):
    take(session, "ssb", Slip(NAMED, b"half {"), LATER)
    take(session, "ssb", receipt(), LATER)
    assert [state for state, _ in kept(session)] == ["replaced", "matched"]
    assert told(session, calendar) == []


def test_a_receipt_for_what_was_never_sent_is_kept_and_told(session, calendar, outbound):
    take(session, "ssb", receipt(levering="noe/annet"), LATER)
    ((state, words),) = kept(session)
    assert state == "stray"
    assert "som aldri er sendt til «ssb»" in words
    assert outbound.received_at is None


def test_another_receiver_cannot_receipt_for_ssb(session, outbound):
    take(session, "udir", receipt(), LATER)
    assert kept(session)[0][0] == "stray"
    assert outbound.received_at is None


def test_a_receipt_for_other_content_is_kept_and_told(session, calendar, outbound):
    take(session, "ssb", receipt(konvolutt_sha256="2" * 64), LATER)
    ((state, words),) = kept(session)
    assert (state, outbound.received_at) == ("stray", None)
    assert "222222222222" in words
    assert SEEN[:12] in words


def test_a_rejection_stops_the_delivery_in_the_receiver_s_words(session, calendar, outbound):
    said = receipt(status="avvist", merknad="Feil i linje 3 for 15830650021")
    take(session, "ssb", said, LATER)
    run = session.get_one(RunRow, RUN)
    assert run.state == "refused"
    assert "Feil i linje 3 for <nummer fjernet>" in run.reasons[0]
    assert session.get_one(OccurrenceRow, DELIVERY).outcome is None
    assert (outbound.received_at, noted_on(outbound), unconfirmed(session)) == (None, "", {})
    assert told(session, calendar) == []
    assert status(session, calendar, LATER).state is State.REFUSED
    assert "15830650021" not in session.scalars(select(SlipRow)).one().content


def test_a_run_that_broke_after_it_sent_is_settled_by_its_receipt(session, outbound):
    session.get_one(RunRow, RUN).state = "failed"
    take(session, "ssb", receipt(), LATER)
    assert session.get_one(OccurrenceRow, DELIVERY).outcome == "done"


def test_what_is_still_being_sent_waits_for_the_next_round(session, outbound):
    session.get_one(RunRow, RUN).state = "running"
    take(session, "ssb", receipt(), LATER)
    assert kept(session) == []


def test_a_person_settles_a_stray_with_a_reason(session, calendar, outbound):
    take(session, "ssb", receipt(levering="noe/annet"), LATER)
    (row,) = slips.open_slips(session)
    slips.settle(session, row.id, "kari", "Feil mappe hos SSB", LATER)
    assert row.state == SlipState.SETTLED
    decision = session.scalars(select(DecisionRow).where(DecisionRow.action == "slip")).one()
    assert (decision.actor, decision.reason) == ("kari", "Feil mappe hos SSB")
    with pytest.raises(LedgerError, match="venter ikke på noen"):
        slips.settle(session, row.id, "kari", "igjen", LATER)
