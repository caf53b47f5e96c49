"""What is held back of an occurrence is found by the period its file speaks for."""

import pytest
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState
from scheduler.calendar import parse_calendar
from scheduler.engine.operate import Held, held
from scheduler.ledger import runs
from tests.planned import CALENDAR
from tests.scheduler.test_operate import SEEN, received


@pytest.mark.parametrize(
    ("row", "period"),
    [
        ("vok-inschool-aug/2026-2027/only", "20252026"),
        ("inn-sokere-vigo-host/2026-2027/1", "2026"),
        ("inn-sokere-vigo-var/2026-2027/1", "2027"),
        ("fag-kontrakter-vigo/2026-2027/1", "20262027"),
    ],
)
def test_a_held_file_is_found_by_the_period_it_speaks_for(planned_database, row, period):
    calendar = parse_calendar(CALENDAR, "calendar.yaml")
    with Session(planned_database) as session, session.begin():
        received(session, 1, DeliveryState.HELD)
        file = session.get_one(Delivery, 1)
        file.deliverable, file.skolear = row.partition("/")[0], period
        found = held(session, calendar, runs.occurrence_row(session, f"{row}/46"))
        assert found == Held(SEEN, {"delivery_id": 1, "approved": SEEN})
        file.skolear = "19992000"
        assert held(session, calendar, runs.occurrence_row(session, f"{row}/46")) is None
