"""An occurrence's state follows from its deadline, its outcome, its run and what it awaits."""

from datetime import UTC, date, datetime

import pytest

from scheduler.ledger.risk import Risk
from scheduler.ledger.state import Standing, State, Status, Tone, deadline, status_of

DUE = date(2026, 10, 23)
DAY_BEFORE = datetime(2026, 10, 22, 10, tzinfo=UTC)
ON_THE_DAY = datetime(2026, 10, 23, 10, tzinfo=UTC)
DAY_AFTER = datetime(2026, 10, 24, 10, tzinfo=UTC)
FAR = date(2026, 10, 1)
NEAR = date(2026, 10, 30)


@pytest.mark.parametrize(
    ("standing", "now", "near_until", "state", "late"),
    [
        (Standing(DUE), DAY_BEFORE, FAR, State.PLANNED, False),
        (Standing(DUE), DAY_BEFORE, NEAR, State.NEAR, False),
        (Standing(DUE), ON_THE_DAY, NEAR, State.DUE_TODAY, False),
        (Standing(DUE), DAY_AFTER, NEAR, State.LATE, True),
        (Standing(DUE, awaits=("Elever",)), DAY_BEFORE, FAR, State.PLANNED, False),
        (Standing(DUE, awaits=("Elever",)), DAY_BEFORE, NEAR, State.WAITING, False),
        (Standing(DUE, awaits=("Elever",)), DAY_AFTER, NEAR, State.WAITING, True),
        (Standing(DUE, run_state="requested"), DAY_BEFORE, NEAR, State.RUNNING, False),
        (Standing(DUE, run_state="running"), DAY_AFTER, NEAR, State.RUNNING, True),
        (Standing(DUE, run_state="refused"), DAY_BEFORE, FAR, State.REFUSED, False),
        (Standing(DUE, run_state="refused"), DAY_AFTER, NEAR, State.REFUSED, True),
        (Standing(DUE, run_state="failed"), DAY_AFTER, NEAR, State.FAILED, True),
        (Standing(DUE, outcome="done", outcome_at=DAY_BEFORE), DAY_AFTER, NEAR, State.DONE, False),
        (
            Standing(DUE, outcome="done", outcome_at=DAY_AFTER),
            DAY_AFTER,
            NEAR,
            State.DONE_LATE,
            False,
        ),
        (Standing(DUE, outcome="done", run_state="failed"), DAY_AFTER, NEAR, State.DONE, False),
        (Standing(DUE, outcome="waived"), DAY_AFTER, NEAR, State.WAIVED, False),
        (Standing(DUE, outcome="withdrawn"), DAY_AFTER, NEAR, State.WITHDRAWN, False),
        (Standing(DUE, tracked=False), DAY_AFTER, NEAR, State.UNTRACKED, False),
        (Standing(DUE, tracked=False, informs=True), DAY_AFTER, NEAR, State.INFORMATION, False),
    ],
)
def test_each_standing_has_one_state(standing, now, near_until, state, late):
    found = status_of(standing, now, near_until)
    assert (found.state, found.late) == (state, late)


def test_a_deadline_without_a_clock_time_lasts_the_whole_norwegian_day():
    assert deadline(DUE) == datetime(2026, 10, 23, 21, 59, 59, 999999, tzinfo=UTC)
    assert deadline(date(2026, 12, 1)) == datetime(2026, 12, 1, 22, 59, 59, 999999, tzinfo=UTC)


def test_a_clock_time_ends_the_deadline():
    standing = Standing(DUE, clock_time="12:00")
    one_minute_past = datetime(2026, 10, 23, 10, 1, tzinfo=UTC)
    assert status_of(standing, one_minute_past, NEAR).state is State.LATE


def test_being_late_is_said_beside_the_state_and_never_twice():
    assert Status(State.REFUSED, late=True).label == "Stoppet, forsinket"
    assert Status(State.LATE, late=True).label == "Forsinket"
    assert Status(State.WAITING, awaits=("Elever og fag",)).label == "Venter på Elever og fag"


def test_a_newer_file_that_was_stopped_is_said_beside_the_delivery():
    standing = Standing(DUE, outcome="done", outcome_at=DAY_BEFORE, run_state="refused")
    assert status_of(standing, DAY_AFTER, NEAR).label == "Levert, nyere fil stoppet"
    waived = Standing(DUE, outcome="waived", run_state="refused")
    assert status_of(waived, DAY_AFTER, NEAR).label == "Fritatt"
    assert Status(State.REFUSED, held=True, late=True).label == "Holdt igjen, forsinket"


def test_what_is_late_is_coloured_and_ranked_as_late():
    waiting, planned = Status(State.WAITING, late=True), Status(State.NEAR)
    assert waiting.tone is Tone.DANGER
    assert waiting.urgency > planned.urgency


GRACE = date(2026, 10, 26)
IN_GRACE = datetime(2026, 10, 26, 10, tzinfo=UTC)
AFTER_GRACE = datetime(2026, 10, 27, 10, tzinfo=UTC)
RISKY = Risk(0.9, 1, "Agder leverte forrige år 2 arbeidsdager etter fristen.")


@pytest.mark.parametrize(
    ("standing", "now", "state", "late"),
    [
        (Standing(DUE, grace_until=GRACE), ON_THE_DAY, State.DUE_TODAY, False),
        (Standing(DUE, grace_until=GRACE), IN_GRACE, State.IN_GRACE, False),
        (Standing(DUE, grace_until=GRACE), AFTER_GRACE, State.LATE, True),
        (Standing(DUE, grace_until=GRACE, run_state="refused"), IN_GRACE, State.REFUSED, False),
        (Standing(DUE, grace_until=GRACE, run_state="refused"), AFTER_GRACE, State.REFUSED, True),
        (Standing(DUE, grace_until=GRACE, awaits=("Elever",)), IN_GRACE, State.WAITING, False),
        (
            Standing(DUE, grace_until=GRACE, outcome="done", outcome_at=IN_GRACE),
            AFTER_GRACE,
            State.DONE_LATE,
            False,
        ),
    ],
)
def test_grace_puts_off_being_late_and_never_the_deadline(standing, now, state, late):
    found = status_of(standing, now, NEAR)
    assert (found.state, found.late) == (state, late)


def test_what_is_likely_to_be_late_is_at_risk_until_its_day_comes():
    risky, safe = Standing(DUE, risk=RISKY), Standing(DUE, risk=Risk(0.2, 1, ""))
    assert status_of(risky, DAY_BEFORE, NEAR).state is State.AT_RISK
    assert status_of(risky, DAY_BEFORE, FAR).state is State.AT_RISK
    assert status_of(safe, DAY_BEFORE, NEAR).state is State.NEAR
    assert status_of(risky, ON_THE_DAY, NEAR).state is State.DUE_TODAY
    assert status_of(risky, DAY_AFTER, NEAR).risk is None


@pytest.mark.parametrize("run_state", ["running", "done", "cancelled"])
def test_what_may_be_out_without_a_receipt_is_said_and_turns_late(run_state):
    sent = Standing(DUE, run_state=run_state, sent=True)
    assert status_of(sent, ON_THE_DAY, NEAR) == Status(State.UNCONFIRMED)
    assert status_of(sent, DAY_AFTER, NEAR).label == "Sendt, ikke bekreftet, forsinket"


def test_a_run_that_broke_after_sending_is_unconfirmed_and_said_to_have_failed():
    broken = status_of(Standing(DUE, run_state="failed", sent=True), DAY_AFTER, NEAR)
    assert broken.label == "Sendt, ikke bekreftet, kjøringen feilet, forsinket"
    again = Standing(DUE, run_state="refused", sent=True)
    assert status_of(again, ON_THE_DAY, NEAR).state is State.REFUSED
