"""A forwarding is done by a signed word, bound to what was received by then; without one it is late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.engine.deeds import Deed, Wish, carry_out, possible
from scheduler.engine.forwarding import instant_said, passed_of, passing_of
from scheduler.inbox import inbox
from scheduler.ledger import runs
from scheduler.ledger.proof import Sort, Targets, prove
from scheduler.ledger.read import items_of
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.state import State
from scheduler.ledger.tables import DecisionRow, OccurrenceRow
from scheduler.simulate.people import People
from tests.scheduler.test_operate import calendar, session
from tests.web import seed
from tests.web.cards_seeded import MANIFEST_SHA, final_key, sent

__all__ = ["calendar", "session"]

FORWARDING, FIRST, OTHER = seed.forwarding_key(), seed.delivery_key("46"), seed.delivery_key("03")
DUE = datetime(2026, 10, 26, 10, tzinfo=UTC)
LATE = DUE + timedelta(days=1)


def delivered(session, key, sha256=MANIFEST_SHA, at=datetime(2026, 10, 23, 4, tzinfo=UTC)):
    """A delivery that its receiver has."""
    seed.done(session, key, at)
    number = runs.latest_run(session, key).number
    about = {"intended_at": at, "received_at": at, "manifest_sha256": sha256}
    sent(session, key, idempotency_key=f"{key}#{number}", **about)
    session.flush()


def of(session, calendar, key=FORWARDING):
    return passing_of(session, calendar, session.get_one(OccurrenceRow, key))


def say(session, calendar, now=DUE, passed_at=None, **bound):
    sha256 = bound.pop("sha256", of(session, calendar).sha256)
    wish = Wish(Deed.FORWARDED, sha256, passed_at=passed_at, **bound)
    return carry_out(session, calendar, FORWARDING, wish, "kari", "Lagt hos Udir", now)


def status(session, calendar, now):
    (item,) = items_of(session, calendar, [FORWARDING], now)
    return item.status.state


def test_a_turn_passes_on_what_is_received_of_the_deadlines_since_the_turn_before(
    session, calendar
):
    delivered(session, FIRST)
    delivered(session, "stat-ssbresultat-endelig/2026-2027/final/46")
    passing = of(session, calendar)
    assert dict(passing.contents) == {FIRST: MANIFEST_SHA}
    assert set(passing.lacks) == {seed.delivery_key(county) for county in ("03", "42", "55")}
    assert passing.sha256 == seed.passed_sha256({FIRST: MANIFEST_SHA})
    assert final_key("46") in of(session, calendar, seed.forwarding_key(3)).lacks
    runs.waive(session, OTHER, "kari", "Ingen elever", DUE)
    assert OTHER not in of(session, calendar).lacks
    assert passing_of(session, calendar, session.get_one(OccurrenceRow, FIRST)) is None


def test_the_word_makes_it_done_at_the_time_that_is_said_and_nothing_else_does(session, calendar):
    delivered(session, FIRST)
    assert status(session, calendar, LATE) is State.LATE
    at = DUE - timedelta(hours=1)
    assert say(session, calendar, LATE, at, reference=" U-9 ") == f"Videresendt: {FORWARDING}"
    assert status(session, calendar, LATE) is State.DONE
    row = session.get_one(OccurrenceRow, FORWARDING)
    assert (row.outcome, row.outcome_at) == ("done", at)
    (said,) = passed_of(session, FORWARDING)
    assert (said.said_at, said.actor, said.reason) == (LATE, "kari", "Lagt hos Udir")
    assert (said.passed_at, said.reference) == (at, "U-9")
    assert dict(said.contents) == {FIRST: MANIFEST_SHA}
    session.flush()
    assert prove(session, Targets.of(calendar, LATE), {}, LATE).findings == ()


def test_done_without_a_word_is_a_finding(session, calendar):
    runs.settle(session.get_one(OccurrenceRow, FORWARDING), "done", DUE)
    session.flush()
    (finding,) = prove(session, Targets.of(calendar, LATE), {}, LATE).findings
    assert (finding.sort, finding.key) == (Sort.UNPROVEN, FORWARDING)


def test_what_was_passed_on_too_late_is_done_late(session, calendar):
    delivered(session, FIRST)
    say(session, calendar, LATE)
    assert status(session, calendar, LATE) is State.DONE_LATE


def test_a_word_on_other_content_than_is_there_changes_nothing(session, calendar):
    delivered(session, FIRST)
    seen = of(session, calendar).sha256
    delivered(session, OTHER)
    with pytest.raises(LedgerError, match=r"har ikke SHA-256 .* Se over det"):
        say(session, calendar, sha256=seen)
    assert session.scalars(select(DecisionRow.action)).all() == []
    assert session.get_one(OccurrenceRow, FORWARDING).outcome is None


@pytest.mark.parametrize(
    ("passed_at", "said"),
    [
        (DUE + timedelta(minutes=1), "er ikke kommet ennå"),
        (datetime(2026, 10, 23, 3, 59, tzinfo=UTC), r"ble sendt 23\.10\.2026 kl\. 06\.00"),
    ],
)
def test_a_time_that_cannot_be_is_refused(session, calendar, passed_at, said):
    delivered(session, FIRST)
    with pytest.raises(LedgerError, match=said):
        say(session, calendar, passed_at=passed_at)


def test_nothing_received_is_nothing_to_pass_on(session, calendar):
    assert possible(session, calendar, FORWARDING) == (Deed.WAIVE,)
    with pytest.raises(LedgerError, match="Ingen levering er kvittert"):
        say(session, calendar)
    wish = Wish(Deed.FORWARDED, "0" * 64)
    with pytest.raises(LedgerError, match="er ikke en videresending"):
        carry_out(session, calendar, FIRST, wish, "kari", "x", DUE)


def test_what_is_sent_anew_can_be_signed_for_again_and_the_first_word_stands(session, calendar):
    delivered(session, FIRST)
    say(session, calendar)
    assert possible(session, calendar, FORWARDING) == ()
    with pytest.raises(LedgerError, match="alt bekreftet"):
        say(session, calendar)
    delivered(session, FIRST, "9" * 64, DUE)
    assert possible(session, calendar, FORWARDING) == (Deed.FORWARDED,)
    say(session, calendar, LATE)
    assert [word.contents[FIRST] for word in passed_of(session, FORWARDING)] == [
        MANIFEST_SHA,
        "9" * 64,
    ]
    assert session.get_one(OccurrenceRow, FORWARDING).outcome_at == DUE


def test_it_waits_in_the_inbox_from_its_day_until_the_word(session, calendar):
    def waiting(now):
        return [m for m in inbox(session, calendar, now) if m.url.endswith(FORWARDING)]

    assert waiting(DUE - timedelta(days=1)) == []
    assert len(of(session, calendar).lacks) == 4
    for county in ("03", "42", "46", "55"):
        runs.waive(session, seed.delivery_key(county), "kari", "Ingen elever", DUE)
    assert (of(session, calendar).lacks, len(waiting(DUE))) == ((), 1)
    for county in ("03", "42", "46", "55"):
        runs.unwaive(session, seed.delivery_key(county), "kari", "Likevel", DUE)
    delivered(session, FIRST)
    assert (list(of(session, calendar).contents), len(of(session, calendar).lacks)) == ([FIRST], 3)
    (matter,) = waiting(DUE)
    assert "ingen har bekreftet at det som er levert, er videresendt" in matter.sentence
    assert matter.since <= DUE
    say(session, calendar)
    assert waiting(LATE) == []


def test_the_simulated_operator_passes_on_the_day_it_is_due(session, calendar):
    delivered(session, FIRST)
    people = People(calendar, 1)
    people.act(session, DUE - timedelta(days=1))
    assert session.get_one(OccurrenceRow, FORWARDING).outcome is None
    people.act(session, DUE)
    assert session.get_one(OccurrenceRow, FORWARDING).outcome == "done"


def test_a_time_is_read_as_oslo_unless_it_says_otherwise():
    assert instant_said("") is None
    assert instant_said("2026-10-26T08:30").astimezone(UTC).hour == 7
    assert instant_said("2026-10-26T08:30+00:00").astimezone(UTC).hour == 8
    with pytest.raises(LedgerError, match="Skriv for eksempel 2026-10-26T08:30"):
        instant_said("i går")
