"""What a person orders: a yes goes to what is held back, and to nothing else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState
from scheduler.calendar import parse_calendar
from scheduler.engine.leave import Leave
from scheduler.engine.operate import order_cancel, order_retry, order_run
from scheduler.ledger import pausing, runs
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow
from tests.planned import CALENDAR
from tests.web import seed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COUNT = "skole-off-telling-okt"
IMPORT = f"{COUNT}/2026-2027/only/46"
DELIVERY = "stat-ssbelev-l1/2026-2027/first/46"
SEEN = f"{1:064}"
NOTHING_HELD = "Ingenting er holdt tilbake for «{}»."


@pytest.fixture(scope="module")
def calendar():
    return parse_calendar(CALENDAR, "calendar.yaml")


@pytest.fixture
def session(planned_database, calendar):
    with Session(planned_database) as opened, opened.begin():
        yield opened


@pytest.fixture
def order(session, calendar):
    """Order a run, as a person with a reason."""

    def order_one(key, **leave):
        return order_run(session, calendar, key, "kari", "sjekket", NOW, Leave(**leave))

    return order_one


def ran(session, key, state, inputs=(), content=""):
    """Note that the occurrence's next run was made, how it ended and what it would have sent."""
    row = runs.occurrence_row(session, key)
    job = "import-school" if key == IMPORT else "deliver-ssbelev"
    number = runs.next_number(session, key)
    run = runs.request_run(session, row, number, job, dict(inputs), "fil mottatt", NOW)
    runs.settle_undone(session, run.id, state, ["Årsak."], NOW, content)


def received(session, number, state):
    """A delivery of the import's county, imported and settled as `state`."""
    delivery = Delivery(
        id=number,
        sha256=f"{number:064}",
        sender="46",
        deliverable=COUNT,
        file_name="telling.txt",
        archived_as=f"archive/{number}",
        bytes=1,
        received_at=NOW,
        skolear="20262027",
        state=state.value,
    )
    session.add(delivery)
    session.flush()
    ran(session, IMPORT, "refused", {"delivery_id": number})


def waived_imports(session):
    for key in (IMPORT, "skole-priv-telling-okt/2026-2027/only/national"):
        runs.waive(session, key, "kari", "prøve", NOW)


def sent_before(session):
    seed.left_uncertain(session, DELIVERY).received_at = NOW


def test_a_yes_goes_to_the_held_file_and_not_to_the_one_that_came_last(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.REFUSED)
    assert order(IMPORT, approved=SEEN).order["inputs"] == {"delivery_id": 1, "approved": SEEN}


def test_a_yes_to_an_import_with_nothing_held_is_declined(session, order):
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(IMPORT)):
        order(IMPORT, approved=SEEN)
    received(session, 1, DeliveryState.REFUSED)
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(IMPORT)):
        order(IMPORT, approved=SEEN)


def test_a_held_file_that_a_newer_one_has_replaced_is_not_loaded_by_a_yes(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.LOADED)
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(IMPORT)):
        order(IMPORT, approved=SEEN)


def test_a_run_without_a_yes_takes_the_file_that_came_last(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.REFUSED)
    assert order(IMPORT).order["inputs"] == {"delivery_id": 2}


def test_a_yes_counts_for_one_run(session, order):
    waived_imports(session)
    ran(session, DELIVERY, "failed", {"approved": SEEN})
    assert order(DELIVERY).order["inputs"] == {}


def test_other_content_than_what_was_sent_goes_with_a_yes(session, order):
    waived_imports(session)
    sent_before(session)
    ran(session, DELIVERY, "refused", content=SEEN)
    assert order(DELIVERY, approved=SEEN).order["inputs"] == {"approved": SEEN}


def test_a_delivery_that_was_sent_and_not_declined_since_is_not_sent_again_by_a_yes(session, order):
    waived_imports(session)
    sent_before(session)
    ran(session, DELIVERY, "done")
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(DELIVERY)):
        order(DELIVERY, approved=SEEN)


def test_a_delivery_refused_before_anything_was_sent_has_nothing_to_say_yes_to(session, order):
    waived_imports(session)
    ran(session, DELIVERY, "refused")
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(DELIVERY)):
        order(DELIVERY, approved=SEEN)


@pytest.mark.parametrize("wrong", [f"{2:064}", SEEN[-12:], SEEN.replace("1", "I")])
def test_a_yes_to_other_content_than_what_is_held_is_declined_and_names_what_is(
    session, order, wrong
):
    received(session, 1, DeliveryState.HELD)
    with pytest.raises(LedgerError, match=f"men {SEEN}. Se over det"):
        order(IMPORT, approved=wrong)
    waived_imports(session)
    sent_before(session)
    ran(session, DELIVERY, "refused", content=SEEN)
    with pytest.raises(LedgerError, match=f"men {SEEN}. Se over det"):
        order(DELIVERY, approved=wrong)


def test_a_newer_held_file_needs_a_yes_of_its_own(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.HELD)
    with pytest.raises(LedgerError, match="er ikke det som ble godkjent"):
        order(IMPORT, approved=SEEN)
    assert order(IMPORT, approved=f"{2:064}").order["inputs"]["delivery_id"] == 2


def test_a_gate_that_refused_before_anything_was_made_has_nothing_to_say_yes_to(session, order):
    waived_imports(session)
    sent_before(session)
    ran(session, DELIVERY, "refused")
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(DELIVERY)):
        order(DELIVERY, approved=SEEN)


def decisions(session, action):
    return session.scalars(select(DecisionRow).where(DecisionRow.action == action)).all()


def test_force_goes_past_what_must_come_first_and_says_what(session, order):
    with pytest.raises(LedgerError, match="venter på"):
        order(DELIVERY)
    assert order(DELIVERY, forced=True).state == "requested"
    (row,) = decisions(session, "force")
    assert IMPORT in row.detail["past"]


def test_nothing_goes_over_a_pause_without_its_own_yes(session, calendar, order):
    waived_imports(session)
    found = pausing.begin(session, calendar, None, "46", None, "ola", "Flytter", NOW)
    for leave in ({}, {"forced": True}, {"approved": SEEN}):
        with pytest.raises(LedgerError, match="på pause: Flytter"):
            order(DELIVERY, **leave)
    assert order(DELIVERY, over_pause=True).state == "requested"
    assert decisions(session, "force")[0].detail["pauses"] == [found.number]


def test_a_yes_over_a_pause_is_no_yes_past_what_must_come_first(session, calendar, order):
    pausing.begin(session, calendar, None, None, None, "ola", "Flytter", NOW)
    with pytest.raises(LedgerError, match="venter på"):
        order(DELIVERY, over_pause=True)


def test_a_file_that_a_pause_holds_up_is_the_one_that_is_forced(session, order):
    received(session, 1, DeliveryState.REFUSED)
    received(session, 2, DeliveryState.WAITING)
    assert order(IMPORT, forced=True).order["inputs"] == {"delivery_id": 2}


def test_only_what_is_under_way_is_cancelled_and_once(session, order):
    waived_imports(session)
    with pytest.raises(LedgerError, match="ingen kjøring som er i gang"):
        order_cancel(session, DELIVERY, "kari", "feil", NOW)
    order(DELIVERY)
    cancelled = order_cancel(session, DELIVERY, "kari", "feil fil", NOW)
    assert (cancelled.state, cancelled.reasons) == ("cancelling", ["feil fil"])
    with pytest.raises(LedgerError, match="i ferd med å bli avbrutt"):
        order_cancel(session, DELIVERY, "kari", "feil", NOW)
    with pytest.raises(LedgerError, match="kjører alt"):
        order(DELIVERY)


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_run_that_failed_or_was_cancelled_goes_again_under_its_own_number(
    session, calendar, state
):
    ran(session, DELIVERY, state)
    with pytest.raises(LedgerError, match="Velg blant: gate, extract, intend, send, receipt"):
        order_retry(session, calendar, DELIVERY, "kari", "prøv", NOW, "hopp")
    again = order_retry(session, calendar, DELIVERY, "kari", "prøv", NOW, "send")
    assert (again.number, again.state, again.retry_from) == (1, "retrying", "send")
    assert (again.finished_at, again.reasons) == (None, [])
    (row,) = decisions(session, "retry")
    assert (row.detail["was"], row.detail["reasons"]) == (state, ["Årsak."])


@pytest.mark.parametrize("state", ["refused", "done", "running"])
def test_what_was_refused_done_or_goes_is_not_gone_again(session, calendar, state):
    ran(session, DELIVERY, state)
    with pytest.raises(LedgerError, match="feilet eller ble avbrutt"):
        order_retry(session, calendar, DELIVERY, "kari", "prøv", NOW)
