"""An outage over a deadline: each policy does as it says, and the fact is never only inferred."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import OSLO
from scheduler.daemon import Service
from scheduler.engine.decide import start_instant
from scheduler.engine.missed import Missed, note
from scheduler.inbox import inbox
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import DecisionRow, OccurrenceRow
from scheduler.matters.matter import Kind
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.scheduler.small import SMALL

ROW = """
  {id}:
    name: En levering {id}
    areas: [skole]
    kind: delivery
    scope: national
    sender: fylke
    receiver: udir
    audience: [alle]
    reference_date: 1. oktober
    due: {{date: 23. oktober, shift: preceding}}
    job: deliver-ssbelev
    {policy}
    evidence: {{label: I}}
    description: En levering.
"""
POLICIES = {
    "always": "catch_up: run_always",
    "before": "catch_up: run_if_before_deadline\n    catch_up_days: 5",
    "ask": "catch_up: ask\n    catch_up_days: 5",
    "never": "catch_up: never",
}
ALL = set(POLICIES)
CALENDAR = SMALL + "".join(ROW.format(id=name, policy=policy) for name, policy in POLICIES.items())
DUE = datetime(2026, 10, 23, tzinfo=OSLO).date()  # a Friday
MORNING = start_instant(DUE)
# How long the service is down from 06.00 on the day: what starts then, and what was missed.
OUTAGES = [
    (timedelta(seconds=2), ALL, set()),
    (timedelta(hours=1), ALL, set()),
    (timedelta(days=3), ALL - {"never"}, ALL),
    (timedelta(days=40), {"always"}, ALL),
]


@pytest.fixture
def at(tmp_path):
    """A service with that calendar, at an instant."""
    path = tmp_path / "calendar.yaml"
    path.write_text(CALENDAR, encoding="utf-8")
    settings = read_settings(data_dir=tmp_path / "var", database_url="", calendar=path)
    return lambda now: Service(settings, LedClock(now))


def names(keys):
    return {key.split("/")[0] for key in keys}


def noted(service):
    with Session(service.database) as session:
        rows = session.scalars(select(DecisionRow).where(DecisionRow.action == "missed")).all()
        return {row.occurrence_key.split("/")[0]: row.reason for row in rows}


def asked(service, now):
    with Session(service.database) as session:
        found = inbox(session, current_calendar(session), now)
    return names(m.url.removeprefix("/drift/frist/") for m in found if m.kind is Kind.NOT_STARTED)


@pytest.mark.parametrize(("outage", "starts", "missed"), OUTAGES)
def test_an_outage_over_a_deadline_ends_as_the_policy_says(at, outage, starts, missed):
    with at(MORNING - timedelta(seconds=1)) as before:
        assert before.ticker.tick(before.clock()) == []
    back = MORNING + outage
    with at(back) as after:
        assert names(start.key for start in after.ticker.tick(back)) == starts
        assert set(noted(after)) == missed
        after.ticker.tick(back + timedelta(minutes=1))
        assert set(noted(after)) == missed
        rests = {"ask"} - starts if missed else set()
        assert asked(after, back) & ALL == rests


def test_what_is_written_says_what_becomes_of_it(at):
    with at(MORNING - timedelta(seconds=1)) as before:
        before.ticker.tick(before.clock())
    back = MORNING + timedelta(days=40)
    with at(back) as after:
        after.ticker.tick(back)
        said = noted(after)
    gone = "Fristen 23. oktober 2026 gikk ut uten at jobben var begynt. "
    assert said == {
        "always": gone + "Den starter nå.",
        "before": gone + "Den starter ikke lenger av seg selv.",
        "ask": gone + "Den venter på et menneske.",
        "never": gone + "Den starter ikke lenger av seg selv.",
    }


def test_two_nodes_that_see_it_at_once_write_it_once(at):
    with at(MORNING) as service:
        service.ticker.tick(MORNING)
        with Session(service.database) as session:
            key = session.scalars(
                select(OccurrenceRow.key).where(OccurrenceRow.cycle == "2026-2027")
            ).first()
        for _ in range(2):
            note(service.database, [Missed(key, DUE, "Borte.")], MORNING)
        assert list(noted(service).values()).count("Borte.") == 1
        note(service.database, [Missed(key, DUE + timedelta(days=7), "Borte.")], MORNING)
        with Session(service.database) as session:
            assert len(session.scalars(select(DecisionRow)).all()) == 2
