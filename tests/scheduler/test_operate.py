"""What a person orders: a yes goes to what is held back, and to nothing else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState, Outbound
from scheduler.calendar import parse_calendar
from scheduler.engine.operate import order_run
from scheduler.ledger import runs
from scheduler.ledger.planner import plan
from scheduler.ledger.runs import LedgerError
from tests.planned import CALENDAR

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COUNT = "skole-off-telling-okt"
IMPORT = f"{COUNT}/2026-2027/only/46"
DELIVERY = "stat-ssbelev-l1/2026-2027/first/46"
NOTHING_HELD = "Ingenting er holdt tilbake for «{}»."


@pytest.fixture(scope="module")
def calendar():
    return parse_calendar(CALENDAR, "calendar.yaml")


@pytest.fixture
def session(database, calendar):
    with Session(database) as opened, opened.begin():
        plan(opened, calendar, CALENDAR, NOW)
        yield opened


@pytest.fixture
def order(session, calendar):
    """Order a run, as a person with a reason."""

    def order_one(key, *, approved=False):
        return order_run(session, calendar, key, "kari", "sjekket", NOW, approved=approved)

    return order_one


def ran(session, key, state, inputs=()):
    """Note that the occurrence's next run was made and how it ended."""
    row = runs.occurrence_row(session, key)
    job = "import-school" if key == IMPORT else "deliver-ssbelev"
    number = runs.next_number(session, key)
    run = runs.request_run(session, row, number, job, dict(inputs), "fil mottatt", NOW)
    runs.settle_undone(session, run.id, state, ["Årsak."], NOW)


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
    session.add(
        Outbound(
            idempotency_key=DELIVERY,
            occurrence_key=DELIVERY,
            run_id=f"{DELIVERY}#1",
            receiver="ssb",
            manifest_sha256="0" * 64,
            intended_at=NOW,
            received_at=NOW,
        )
    )


def test_a_yes_goes_to_the_held_file_and_not_to_the_one_that_came_last(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.REFUSED)
    assert order(IMPORT, approved=True).order["inputs"] == {"delivery_id": 1, "approved": True}


def test_a_yes_to_an_import_with_nothing_held_is_declined(session, order):
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(IMPORT)):
        order(IMPORT, approved=True)
    received(session, 1, DeliveryState.REFUSED)
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(IMPORT)):
        order(IMPORT, approved=True)


def test_a_held_file_that_a_newer_one_has_replaced_is_not_loaded_by_a_yes(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.LOADED)
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(IMPORT)):
        order(IMPORT, approved=True)


def test_a_run_without_a_yes_takes_the_file_that_came_last(session, order):
    received(session, 1, DeliveryState.HELD)
    received(session, 2, DeliveryState.REFUSED)
    assert order(IMPORT).order["inputs"] == {"delivery_id": 2}


def test_a_yes_counts_for_one_run(session, order):
    waived_imports(session)
    ran(session, DELIVERY, "failed", {"approved": True})
    assert order(DELIVERY).order["inputs"] == {}


def test_other_content_than_what_was_sent_goes_with_a_yes(session, order):
    waived_imports(session)
    sent_before(session)
    ran(session, DELIVERY, "refused")
    assert order(DELIVERY, approved=True).order["inputs"] == {"approved": True}


def test_a_delivery_that_was_sent_and_not_declined_since_is_not_sent_again_by_a_yes(session, order):
    waived_imports(session)
    sent_before(session)
    ran(session, DELIVERY, "done")
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(DELIVERY)):
        order(DELIVERY, approved=True)


def test_a_delivery_refused_before_anything_was_sent_has_nothing_to_say_yes_to(session, order):
    waived_imports(session)
    ran(session, DELIVERY, "refused")
    with pytest.raises(LedgerError, match=NOTHING_HELD.format(DELIVERY)):
        order(DELIVERY, approved=True)
