"""First, feedback, final: what comes first holds what comes after, in its cycle and scope, if it is there."""

from datetime import datetime

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.calendar import CalendarError, expand
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.decide import decide
from scheduler.engine.snapshot import read_candidates
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.ledger.pairs import other_half
from scheduler.ledger.read import items
from scheduler.ledger.tables import ChangeRow, OccurrenceRow
from tests.planned import CALENDAR
from tests.scheduler.small import SMALL, calendar_of, published

CYCLE = "2026-2027"
ROW = """
  {id}:
    name: {id}
    areas: [skole]
    kind: {kind}
    scope: {scope}
    stage: {stage}
    receiver: udir
    audience: [alle]
    reference_date: 1. oktober
    due: {{date: {due}, shift: preceding}}
    {more}
    evidence: {{label: I}}
    description: En rad.
"""
JOB = "job: deliver-ssbelev"


def row(name, due, stage, *before, more=JOB, kind="delivery", scope="county"):
    edges = "".join(f"\n      - {{deliverable: {edge}, label: I}}" for edge in before)
    waits = f"\n    depends_on:{edges}" if before else ""
    return ROW.format(id=name, due=due, stage=stage, kind=kind, scope=scope, more=more + waits)


FIRST = row("a-first", "20. oktober", "first")
FEEDBACK = row(
    "b-feedback", "28. oktober", "feedback", "a-first", kind="feedback", more="time: '15:00'"
)
FINAL = row("c-final", "10. november", "final", "a-first", "b-feedback")
FAR = row("c-final", "10. november", "final", "b-feedback")
MORNING = datetime(2026, 11, 10, 6, tzinfo=OSLO)


@pytest.fixture
def planned(sqlite_url):
    """A session on a ledger planned from these rows, and its calendar."""
    engine, opened = open_database(sqlite_url), []

    def plan(*rows):
        text = SMALL + "".join(rows)
        published(engine, text)
        session = Session(engine)
        opened.append(session)
        return session, calendar_of(text)

    yield plan
    for session in opened:
        session.close()
    engine.dispose()


def key(name, scope="46", cycle=CYCLE, stage="final"):
    return f"{name}/{cycle}/{stage}/{scope}"


def starts(planned, now=MORNING):
    session, calendar = planned
    session.flush()
    found = read_candidates(session, calendar, {CYCLE: True}, {}, now)
    return {start.key for start in decide(now, found)}


FINALS = {key("c-final", county) for county in ("42", "46")}


def test_a_final_delivery_goes_when_the_first_of_its_own_county_is_delivered(planned):
    session, _ = found = planned(FIRST, FEEDBACK, FINAL)
    assert not FINALS & starts(found)
    runs.settle(session.get_one(OccurrenceRow, key("a-first", stage="first")), "done", MORNING)
    assert FINALS & starts(found) == {key("c-final")}


def test_a_waived_first_lets_the_final_go_and_a_waiver_taken_back_holds_it_again(planned):
    session, _ = found = planned(FIRST, FEEDBACK, FINAL)
    runs.waive(session, key("a-first", stage="first"), "kari", "Ingen elever", MORNING)
    assert key("c-final") in starts(found)
    runs.unwaive(session, key("a-first", stage="first"), "kari", "Likevel", MORNING)
    assert key("c-final") not in starts(found)


def test_a_row_that_nobody_can_see_done_holds_until_its_day_is_over(planned):
    late = row(
        "b-feedback", "10. november", "feedback", "a-first", kind="feedback", more="time: '15:00'"
    )
    final = FINAL.replace("b-feedback, label", "b-feedback, tight: Samme dag., label")
    session, calendar = found = planned(FIRST, late, final)
    runs.waive(session, key("a-first", stage="first"), "kari", "prøve", MORNING)
    assert key("c-final") not in starts(found)
    (label,) = [
        i.status.label for i in items(session, calendar, CYCLE, MORNING) if i.key == key("c-final")
    ]
    assert label == "Venter på b-feedback"
    assert key("c-final") in starts(found, MORNING.replace(day=11))


@pytest.mark.parametrize("strength", ["hard", "soft"])
def test_only_a_hard_order_holds_what_comes_after(planned, strength):
    final = FINAL.replace("a-first, label: I", f"a-first, strength: {strength}, label: I")
    assert (key("c-final") in starts(planned(FIRST, FEEDBACK, final))) is (strength == "soft")


def test_what_is_not_in_use_holds_nothing(planned):
    unused = FIRST.replace(JOB, JOB + '\n    activity: "no"')
    assert key("c-final") in starts(planned(unused, FEEDBACK, FINAL))


def test_what_was_not_planned_in_this_cycle_holds_nothing(planned):
    session, _ = found = planned(FIRST, FEEDBACK, FINAL)
    session.execute(delete(ChangeRow))
    session.execute(delete(OccurrenceRow).where(OccurrenceRow.deliverable == "a-first"))
    assert key("c-final") in starts(found)


def test_what_was_withdrawn_holds_nothing(planned):
    session, _ = found = planned(FIRST, FEEDBACK, FINAL)
    session.get_one(OccurrenceRow, key("a-first", stage="first")).outcome = "withdrawn"
    assert key("c-final") in starts(found)


def test_what_the_nation_must_do_first_holds_every_county(planned):
    national = row("a-first", "20. oktober", "first", scope="national")
    session, _ = found = planned(national, FEEDBACK, FINAL)
    assert not FINALS & starts(found)
    runs.waive(session, key("a-first", "national", stage="first"), "kari", "prøve", MORNING)
    assert starts(found) >= FINALS


def test_a_final_that_knows_its_first_only_through_its_feedback_is_a_fault(planned):
    with pytest.raises(CalendarError, match="bare gjennom «b-feedback»"):
        planned(FIRST, FEEDBACK, FAR)


def test_each_half_of_a_pair_knows_the_other(planned):
    _, calendar = planned(FIRST, FEEDBACK, FINAL)
    by_key = {o.key: o for o in expand(calendar, CYCLE)}
    first, final = key("a-first", stage="first"), key("c-final")
    assert other_half(calendar, by_key[first]) == final
    assert other_half(calendar, by_key[final]) == first
    assert other_half(calendar, by_key[key("b-feedback", stage="feedback")]) is None


def test_a_first_of_the_year_before_is_found_from_both_sides():
    calendar = calendar_of(CALENDAR)
    by_key = {o.key: o for cycle in ("2026-2027", "2027-2028") for o in expand(calendar, cycle)}
    first = key("stat-ssbresultat-l1", stage="first")
    final = key("stat-ssbresultat-endelig", cycle="2027-2028")
    assert other_half(calendar, by_key[first]) == final
    assert other_half(calendar, by_key[final]) == first
