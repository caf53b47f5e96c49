"""Arrivals: what earlier school years in the ledger say of a deadline that lies ahead."""

from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.ledger.arrivals import alike_arrivals, days_left
from scheduler.ledger.deadline import deadline
from scheduler.ledger.planner import plan
from scheduler.ledger.read import items
from scheduler.ledger.risk import NEVER, Arrival
from scheduler.ledger.runs import reopen, settle
from scheduler.ledger.state import State
from scheduler.ledger.tables import OccurrenceRow
from tests.planned import CALENDAR

ROW = "skole-off-telling-okt"
NOW = datetime(2026, 10, 8, 8, tzinfo=UTC)
DUE = date(2025, 10, 17)


def arrivals(session, rows, cycles, now):
    """The arrivals by turn, one for each that came or never came."""
    found = defaultdict(list)
    for alike in alike_arrivals(session, rows, cycles, now):
        found[alike.turn] += alike.arrivals
    return found


def earlier(county, came, cycle="2025-2026", outcome="done"):
    """An occurrence of an earlier year, due on a Friday, and when it was settled."""
    return OccurrenceRow(
        key=f"{ROW}/{cycle}/only/{county}",
        deliverable=ROW,
        cycle=cycle,
        stage="only",
        scope=county,
        nominal=DUE,
        due=DUE,
        date_status="proposed",
        clock_time="",
        trace=[],
        fingerprint="",
        changed_at=NOW,
        outcome=outcome if came else None,
        outcome_at=came,
        due_when_settled=DUE if came else None,
        clock_when_settled="",
    )


def at(month, day, hour=10):
    return datetime(2025, month, day, hour, tzinfo=UTC)


@pytest.fixture
def planned(database):
    calendar = parse_calendar(CALENDAR, "calendar.yaml")
    with Session(database) as session:
        plan(session, calendar, CALENDAR, NOW)
        yield session, calendar


def test_days_are_counted_to_the_deadline_that_held(planned):
    session, _ = planned
    session.add_all(
        [
            earlier("03", at(10, 13)),
            earlier("11", at(10, 17)),
            earlier("15", at(10, 18)),
            earlier("18", at(10, 21)),
            earlier("31", None),
            earlier("32", at(10, 9), outcome="waived"),
            earlier("33", at(10, 9), outcome="nothing"),
        ]
    )
    found = arrivals(session, [ROW], ["2025-2026"], NOW)[ROW, "only"]
    assert {(a.scope, a.days) for a in found} == {
        ("03", 4),
        ("11", 0),
        ("15", -1),
        ("18", -2),
        ("31", NEVER),
    }


def test_what_is_settled_writes_its_days_and_tells_the_same_as_what_an_older_node_settled(planned):
    session, _ = planned
    came = {"03": at(10, 13), "11": at(10, 17), "15": at(10, 18), "18": at(10, 21)}
    rows = [earlier(county, at_) for county, at_ in came.items()]
    session.add_all(rows)
    session.flush()
    from_dates = arrivals(session, [ROW], ["2025-2026"], NOW)
    for row in rows:
        settle(row, "done", row.outcome_at)
    assert [row.days_to_spare for row in rows] == [4, 0, -1, -2]
    found = arrivals(session, [ROW], ["2025-2026"], NOW)
    assert sorted(map(str, found[ROW, "only"])) == sorted(map(str, from_dates[ROW, "only"]))


def test_only_what_is_done_has_days_to_spare(planned):
    session, _ = planned
    row = earlier("03", None)
    session.add(row)
    settle(row, "done", at(10, 13))
    reopen(row)
    assert row.days_to_spare is None
    settle(row, "waived", at(10, 13))
    assert row.days_to_spare is None


def test_numbered_turns_are_counted_together_and_words_apart(planned):
    session, _ = planned
    for number, came in ((1, at(10, 13)), (2, at(10, 13)), (10, at(10, 21))):
        row = earlier("03", None)
        row.key, row.stage = f"{ROW}/2025-2026/{number}/03", str(number)
        session.add(row)
        settle(row, "done", came)
    row = earlier("03", None, "2024-2025")
    session.add(row)
    settle(row, "done", at(10, 17))
    found = arrivals(session, [ROW], ["2025-2026", "2024-2025"], NOW)
    days = {turn: sorted(arrival.days for arrival in told) for turn, told in found.items()}
    assert days == {(ROW, ""): [-2, 4, 4], (ROW, "only"): [0]}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2025, 10, 17, 9, 59, 59, tzinfo=UTC), 0),
        (datetime(2025, 10, 17, 10, 0, tzinfo=UTC), 0),
        (datetime(2025, 10, 17, 10, 0, 0, 1, tzinfo=UTC), 1),
        (datetime(2025, 10, 17, 10, 1, tzinfo=UTC), 1),
        (datetime(2025, 10, 18, 6, 0, tzinfo=UTC), 1),
    ],
)
def test_what_never_came_is_known_from_the_instant_its_deadline_is_over(planned, now, told):
    session, _ = planned
    row = earlier("03", None)
    row.clock_time = "12:00"
    session.add(row)
    found = arrivals(session, [ROW], ["2025-2026"], now)[ROW, "only"]
    assert [arrival.days for arrival in found] == [NEVER] * told
    assert (now > deadline(DUE, "12:00")) == bool(told)


def test_a_county_that_is_late_every_year_is_at_risk_this_year(planned):
    session, calendar = planned
    for year, cycle in ((0, "2025-2026"), (1, "2024-2025"), (2, "2023-2024")):
        session.add(earlier("42", at(10, 21), cycle))
        session.add_all(earlier(county, at(10, 13 + year), cycle) for county in ("03", "11", "15"))
    session.flush()
    found = {i.scope: i for i in items(session, calendar, "2026-2027", NOW) if ROW in i.key}
    assert found["42"].status.state is State.AT_RISK
    assert found["42"].status.risk.reason.startswith("Agder leverte de 3 siste årene")
    assert found["03"].status.state is not State.AT_RISK


def test_the_first_year_goes_by_nearness_alone(planned):
    session, calendar = planned
    near = items(session, calendar, "2026-2027", NOW)
    assert all(item.status.risk is None for item in near)
    assert State.NEAR in {item.status.state for item in near}


def test_this_years_own_arrivals_foretell_nothing(planned):
    session, _ = planned
    assert arrivals(session, [ROW], [], NOW) == {}
    assert Arrival("2025-2026", "03", 0).late is False


def test_working_days_left_are_none_to_spare_on_the_day_and_fewer_after():
    assert days_left(date(2026, 10, 16), date(2026, 10, 16)) == 0
    assert days_left(date(2026, 10, 14), date(2026, 10, 16)) == 2
    assert days_left(date(2026, 10, 17), date(2026, 10, 16)) == -1
