"""Every deed leaves exactly one row in the decision log, with actor, reason and time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.register.tables import DeliveryState
from scheduler.engine.deeds import Deed, Wish, carry_out, possible
from scheduler.engine.fate import note_received
from scheduler.engine.leave import Leave
from scheduler.engine.operate import order_run
from scheduler.ledger import runs
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow
from scheduler.ledger.words import ACTIONS
from tests.scheduler.test_fate import left_uncertain
from tests.scheduler.test_operate import (
    DELIVERY,
    IMPORT,
    NOW,
    SEEN,
    calendar,
    ran,
    received,
    session,
    waived_imports,
)
from tests.web import seed

FORWARDING = seed.forwarding_key()
__all__ = ["calendar", "session"]

LATER = NOW + timedelta(minutes=5)


def under_way(session):
    row = runs.occurrence_row(session, DELIVERY)
    runs.request_run(session, row, 1, "deliver-ssbelev", {}, "kari", NOW)


def received_by_word(session):
    left_uncertain(session)
    note_received(session, DELIVERY, SEEN, "SSB-77", "kari", "Ringte SSB", NOW)


# What must have been before each deed can be done, and on what it is done.
BEFORE = {
    Deed.RUN: (waived_imports, DELIVERY),
    Deed.FORCE: (lambda _: None, DELIVERY),
    Deed.APPROVE: (lambda s: received(s, 1, DeliveryState.HELD), IMPORT),
    Deed.RETRY: (lambda s: ran(s, DELIVERY, "failed"), DELIVERY),
    Deed.CANCEL: (under_way, DELIVERY),
    Deed.WAIVE: (lambda _: None, DELIVERY),
    Deed.UNWAIVE: (lambda s: runs.waive(s, DELIVERY, "ola", "x", NOW), DELIVERY),
    Deed.RECEIVED: (left_uncertain, DELIVERY),
    Deed.RESEND: (left_uncertain, DELIVERY),
    Deed.FORWARDED: (received_by_word, FORWARDING),
}
BOUND = {
    **dict.fromkeys((Deed.APPROVE, Deed.RECEIVED, Deed.RESEND), SEEN),
    Deed.FORWARDED: seed.passed_sha256({DELIVERY: SEEN}),
}


def log(session):
    return session.scalars(select(DecisionRow).order_by(DecisionRow.id)).all()


@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_is_one_row_of_the_log_with_who_why_and_when(session, calendar, deed):
    prepare, key = BEFORE[deed]
    prepare(session)
    before = len(log(session))
    assert deed in possible(session, calendar, key)
    wish = Wish(deed, sha256=BOUND.get(deed, ""), reference="K-1")
    carry_out(session, calendar, key, wish, "kari", "fordi", LATER)
    (row,) = log(session)[before:]
    assert (row.action, row.actor, row.reason) == (deed.value, "kari", "fordi")
    assert (row.at, row.occurrence_key) == (LATER, key)
    assert deed.value in ACTIONS


@pytest.mark.parametrize("deed", list(Deed))
def test_a_deed_without_a_reason_changes_nothing(session, calendar, deed):
    prepare, key = BEFORE[deed]
    prepare(session)
    before = len(log(session))
    with pytest.raises(LedgerError, match="begrunnelse"):
        carry_out(session, calendar, key, Wish(deed, SEEN), "kari", "  ", LATER)
    assert len(log(session)) == before


def test_an_approval_without_a_hash_is_an_approval_of_nothing(session, calendar):
    received(session, 1, DeliveryState.HELD)
    with pytest.raises(LedgerError, match="oppgi SHA-256"):
        carry_out(session, calendar, IMPORT, Wish(Deed.APPROVE), "kari", "fordi", LATER)


def test_a_forced_delivery_tells_its_job_so_and_for_that_run_alone(session, calendar):
    def ordered(**leave):
        return order_run(session, calendar, DELIVERY, "kari", "sjekket", NOW, Leave(**leave))

    assert ordered(forced=True).order["inputs"] == {"forced": True}
    runs.settle_undone(session, f"{DELIVERY}#1", "failed", ["Årsak."], NOW)
    waived_imports(session)
    assert ordered().order["inputs"] == {}
