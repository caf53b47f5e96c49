"""A delivery nobody knows the fate of: a person says that it arrived, or that it is to go again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.register.deliveries import sent
from scheduler.engine.fate import note_received, order_resend, unknown_fate
from scheduler.inbox import inbox
from scheduler.ledger import runs
from scheduler.ledger.proof import Targets, prove
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, ReceiptRow
from scheduler.matters.matter import Kind
from tests.scheduler.test_operate import DELIVERY, NOW, SEEN, calendar, ran, session
from tests.web import seed

__all__ = ["calendar", "session"]

LATER = NOW + timedelta(hours=1)


def left_uncertain(session, state="failed"):
    """A run that came to an end after it had written down what it was about to send."""
    ran(session, DELIVERY, state)
    seed.left_uncertain(session, DELIVERY).manifest_sha256 = SEEN
    session.flush()


def asked(session, calendar):
    return [m for m in inbox(session, calendar, LATER) if m.kind is Kind.UNKNOWN]


@pytest.mark.parametrize("state", ["failed", "cancelled", "refused"])
def test_a_word_that_it_arrived_is_its_receipt(session, calendar, state):
    left_uncertain(session, state)
    (matter,) = asked(session, calendar)
    assert SEEN in matter.sentence
    note_received(session, DELIVERY, SEEN, " SSB-77 ", "kari", "Ringte SSB", LATER)
    row = session.get_one(OccurrenceRow, DELIVERY)
    assert (row.outcome, row.outcome_at) == ("done", LATER)
    receipt = session.scalars(select(ReceiptRow)).one()
    assert (receipt.reference, receipt.receiver) == ("SSB-77", "ssb")
    assert receipt.detail == {"sha256": SEEN}
    assert asked(session, calendar) == []
    decision = session.scalars(select(DecisionRow).where(DecisionRow.action == "received")).one()
    assert (decision.actor, decision.detail["was"]) == ("kari", state)
    session.flush()
    assert prove(session, Targets.of(calendar, LATER), {}, LATER).findings == ()


def test_what_never_arrived_goes_again_as_the_same_run_from_its_sending(session, calendar):
    left_uncertain(session)
    run = order_resend(session, calendar, DELIVERY, SEEN, "kari", "SSB har den ikke", LATER)
    assert (run.id, run.state, run.retry_from) == (f"{DELIVERY}#1", "retrying", "send")
    assert asked(session, calendar) == []
    assert unknown_fate(session, DELIVERY) is None


@pytest.mark.parametrize("wrong", ["", f"{2:064}"])
def test_a_word_about_other_content_is_no_word(session, calendar, wrong):
    left_uncertain(session)
    with pytest.raises(LedgerError, match=f"men {SEEN}"):
        note_received(session, DELIVERY, wrong, "SSB-77", "kari", "x", LATER)
    with pytest.raises(LedgerError, match=f"men {SEEN}"):
        order_resend(session, calendar, DELIVERY, wrong, "kari", "x", LATER)
    assert session.get_one(OccurrenceRow, DELIVERY).outcome is None


@pytest.mark.parametrize("reference", ["", "  ", "x" * 201])
def test_a_receipt_has_a_reference_that_fits(session, reference):
    left_uncertain(session)
    with pytest.raises(LedgerError, match="referansen på mottakerens kvittering"):
        note_received(session, DELIVERY, SEEN, reference, "kari", "x", LATER)


def test_what_is_known_is_not_asked_of(session, calendar):
    with pytest.raises(LedgerError, match="er uviss"):
        order_resend(session, calendar, DELIVERY, SEEN, "kari", "x", LATER)
    left_uncertain(session)
    sent(session, DELIVERY)[0].received_at = NOW
    session.flush()
    with pytest.raises(LedgerError, match="er uviss"):
        note_received(session, DELIVERY, SEEN, "SSB-77", "kari", "x", LATER)


def test_what_is_under_way_may_still_tell_by_itself(session, calendar):
    left_uncertain(session)
    row = runs.occurrence_row(session, DELIVERY)
    runs.request_run(session, row, 2, "deliver-ssbelev", {}, "kari", NOW)
    with pytest.raises(LedgerError, match="er uviss"):
        order_resend(session, calendar, DELIVERY, SEEN, "kari", "x", LATER)


def test_only_the_last_run_sends_again(session, calendar):
    left_uncertain(session)
    ran(session, DELIVERY, "refused")
    with pytest.raises(LedgerError, match="ikke den siste kjøringen"):
        order_resend(session, calendar, DELIVERY, SEEN, "kari", "x", LATER)
    note_received(session, DELIVERY, SEEN, "SSB-77", "kari", "x", LATER)
    assert session.get_one(OccurrenceRow, DELIVERY).outcome == "done"
