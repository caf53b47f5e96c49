"""A pause holds what would start, consumes nothing, hides no lateness, and is on record."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.api import StartsOn
from scheduler.calendar import parse_calendar
from scheduler.engine.decide import Candidate, LastRun, decide
from scheduler.engine.snapshot import read_candidates
from scheduler.ledger import pausing, runs
from scheduler.ledger.pause import Pause
from scheduler.ledger.read import items
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow, RunRow
from tests.planned import CALENDAR

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CYCLE = "2026-2027"
IMPORT = "skole-off-telling-okt"
DELIVERY = "stat-ssbelev-l1"
KEY = f"{DELIVERY}/{CYCLE}/first/46"
WHY = "Nytt fagsystem"
THIRD = date(2026, 12, 3)


def pause(**changes):
    values = {"number": 1, "deliverable": None, "county": None, "until": None}
    return Pause(**values | changes, actor="kari", reason=WHY, begun_at=NOW)


@pytest.mark.parametrize(
    ("within", "covered"),
    [
        ({}, {"46", "03", "national"}),
        ({"deliverable": DELIVERY}, {"46", "03", "national"}),
        ({"deliverable": IMPORT}, set()),
        ({"county": "46"}, {"46"}),
        ({"deliverable": DELIVERY, "county": "46"}, {"46"}),
        ({"deliverable": IMPORT, "county": "46"}, set()),
    ],
)
def test_a_pause_covers_all_a_row_a_county_or_the_one_in_the_other(within, covered):
    found = {s for s in ("46", "03", "national") if pause(**within).covers(DELIVERY, s, sends=True)}
    assert found == covered


def test_a_pause_ends_where_its_day_begins_in_norway():
    until = pause(until=THIRD)
    last = datetime(2026, 12, 2, 22, 59, tzinfo=UTC)
    assert until.holds(last)
    assert not until.holds(last + timedelta(minutes=1))
    assert until.has_run_out(last + timedelta(minutes=1))
    assert until.in_words == "på pause til 3. desember: Nytt fagsystem"
    assert pause(until=date(2027, 1, 4)).in_words == "på pause til 4. januar 2027: Nytt fagsystem"


@pytest.mark.parametrize("starts_on", list(StartsOn))
def test_a_paused_candidate_starts_nothing_and_then_what_it_would_have(starts_on):
    def candidate(*pauses):
        last = LastRun(1, "refused", NOW - timedelta(days=9))
        return Candidate(
            KEY,
            starts_on,
            date(2026, 10, 23),
            None,
            last if starts_on is StartsOn.ARRIVAL else None,
            waiting_delivery=7,
            pauses=pauses,
        )

    free = decide(NOW, [candidate()])
    assert len(free) == 1
    assert decide(NOW, [candidate(pause())]) == []
    assert decide(NOW, [candidate(pause(), pause(until=THIRD))]) == []
    run_out = pause(until=NOW.date())
    assert decide(NOW, [candidate(run_out)]) == free


@pytest.fixture(scope="module")
def calendar():
    return parse_calendar(CALENDAR, "calendar.yaml")


@pytest.fixture
def session(planned_database, calendar):
    with Session(planned_database) as opened, opened.begin():
        for county in calendar.counties:
            runs.waive(opened, f"{IMPORT}/{CYCLE}/only/{county}", "kari", "prøve", NOW)
        runs.waive(opened, f"skole-priv-telling-okt/{CYCLE}/only/national", "kari", "prøve", NOW)
        yield opened


@pytest.fixture
def begin(session, calendar):
    """Set something on hold, as a person with a reason."""

    def begin_one(deliverable=None, county=None, until=None, reason=WHY, now=NOW):
        return pausing.begin(session, calendar, deliverable, county, until, "kari", reason, now)

    return begin_one


def started(session, calendar, now=NOW):
    candidates = read_candidates(session, calendar, {CYCLE: True}, {}, now)
    return {(start.key, start.number) for start in decide(now, candidates)}


def test_when_a_pause_ends_the_same_starts_under_the_same_numbers(session, calendar, begin):
    before = started(session, calendar)
    assert (KEY, 1) in before
    county = begin(county="46")
    assert started(session, calendar) == {
        (key, number) for key, number in before if not key.endswith("/46")
    }
    begin()
    assert started(session, calendar) == set()
    for found in pausing.not_ended(session):
        pausing.end(session, found.number, "ola", "Ferdig", NOW)
    assert started(session, calendar) == before
    assert session.scalars(select(RunRow)).all() == []
    assert county.holds(NOW)


def test_a_pause_with_a_day_lets_go_by_itself(session, calendar, begin):
    before = started(session, calendar)
    begin(until=THIRD)
    assert started(session, calendar, datetime(2026, 12, 2, 20, tzinfo=UTC)) == set()
    assert before <= started(session, calendar, datetime(2026, 12, 3, 6, tzinfo=UTC))


def test_lateness_is_told_beside_the_pause_and_its_reason(session, calendar, begin):
    begin(DELIVERY, "46", THIRD)
    status = {i.key: i.status for i in items(session, calendar, CYCLE, NOW)}
    assert status[KEY].late
    assert status[KEY].label == "Forsinket, på pause til 3. desember: Nytt fagsystem"
    assert status[KEY].short_label == "Forsinket, på pause"
    assert status[KEY.replace("/46", "/03")].label == "Forsinket"
    assert status[f"{IMPORT}/{CYCLE}/only/46"].label == "Fritatt"


def test_beginning_and_ending_are_each_one_row_of_the_log(session, begin):
    found = begin(DELIVERY, "46", THIRD)
    pausing.end(session, found.number, "ola", " Ferdig ", NOW + timedelta(days=1))
    rows = session.scalars(
        select(DecisionRow).where(DecisionRow.action.in_(("pause", "resume")))
    ).all()
    assert [(r.actor, r.action, r.reason) for r in rows] == [
        ("kari", "pause", WHY),
        ("ola", "resume", "Ferdig"),
    ]
    assert rows[0].detail == {
        "pause": found.number,
        "deliverable": DELIVERY,
        "county": "46",
        "sends_only": False,
        "until": "2026-12-03",
    }
    assert pausing.every(session)[0].end_reason == "Ferdig"
    with pytest.raises(LedgerError, match="er alt avsluttet av ola"):
        pausing.end(session, found.number, "ola", "igjen", NOW)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"deliverable": "stat-ssbelev-l"}, "Mente du «stat-ssbelev-l1»?"),
        ({"county": "45"}, "«45» er ikke et fylkesnummer i årshjulet."),
        ({"until": NOW.date()}, "22. november 2026 er ikke en dag som kommer."),
        ({"reason": "  "}, "må ha en begrunnelse"),
    ],
)
def test_a_pause_of_what_there_is_not_is_declined(session, begin, wrong, said):
    with pytest.raises(LedgerError, match=said):
        begin(**wrong)
    assert pausing.every(session) == ()


def test_a_pause_says_what_it_holds_and_on_whose_word(calendar):
    assert pausing.sentence(pause(), calendar) == (
        "Alt er på pause: Nytt fagsystem (kari, 22. november 2026)."
    )
    both = pausing.place(pause(deliverable=DELIVERY, county="46"), calendar)
    assert both == f"{calendar.deliverables[DELIVERY].name} i Vestland"
