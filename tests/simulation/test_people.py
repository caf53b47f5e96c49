"""The simulated operators sign for what a delivery held back, the day after, and for just that."""

from datetime import timedelta

import pytest

from scheduler.ledger import runs
from scheduler.simulate.people import People
from tests.scheduler.test_operate import DELIVERY, NOW, SEEN, calendar, ran, session, waived_imports

__all__ = ["calendar", "session"]

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def declined(session):
    """A delivery that declined to go without a reason for its warnings."""
    waived_imports(session)
    ran(session, DELIVERY, "refused", content=SEEN)


@pytest.mark.usefixtures("declined")
def test_what_was_declined_unsigned_is_signed_for_the_day_after(session, calendar):
    people = People(calendar, 1, willing=True)
    people.act(session, NOW)
    assert runs.latest_run(session, DELIVERY).number == 1
    people.act(session, TOMORROW)
    run = runs.latest_run(session, DELIVERY)
    assert (run.number, run.order["inputs"]["approved"]) == (2, SEEN)
    people.act(session, TOMORROW)
    assert runs.latest_run(session, DELIVERY).number == 2


def test_what_was_refused_for_an_error_is_left_to_be_mended(session, calendar):
    waived_imports(session)
    ran(session, DELIVERY, "refused")
    People(calendar, 1, willing=True).act(session, TOMORROW)
    assert runs.latest_run(session, DELIVERY).number == 1
